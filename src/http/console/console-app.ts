import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { toHuntwireError } from '../../lib/errors.ts';
import { httpStatusOf, isForLog } from '../http-status.ts';
import { createRateLimit, type RateLimit } from '../rate-limit.ts';
import type { TokenScope } from '../tokens.ts';
import { POLLER } from './assets/poller.ts';
import { ICON, STYLE } from './assets/style.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { bare, type Frame, framed, type PageParts } from './frame.ts';
import { markup } from './markup.ts';
import type { PageMaker, PageRoute } from './page-route.ts';
import { HOME, PAGES } from './page-routes.ts';
import { noSuchPage } from './pages/no-such-page.ts';
import { filled, formText, plainLines, readForm } from './parts/form.ts';
import { strangeForm } from './same-origin.ts';
import { askToSignIn, type Door, letIn, signOut, visitOf } from './signing-in.ts';
import { createVisits, type SignedIn } from './visits.ts';

/** No script but ours, no style but ours, nothing from elsewhere, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TOO_OFTEN = 'Too many requests; wait a moment.';
const LARGEST_FORM_BYTES = 256 * 1024;

interface Console {
  readonly deps: ConsoleDeps;
  readonly door: Door;
  /** By who asks. */
  readonly requests: RateLimit;
}

/** Pages for people. They show what `pages` tells and write through actions; who has not signed in sees how to, and nothing else. */
export function createConsoleApp(deps: ConsoleDeps): Hono {
  const { base, clock, log } = deps;
  const app = new Hono();
  const door: Door = {
    ...{ base, log, login: deps.login, visits: createVisits(clock) },
    wrongTokens: createRateLimit({ burst: 20, perMinute: 20 }, clock),
    get tokens() {
      return deps.tokens;
    },
  };
  const own: Console = { deps, door, requests: createRateLimit({ burst: 120, perMinute: 600 }, clock) };
  app.use(async (context, next) => {
    context.header('Content-Security-Policy', POLICY);
    context.header('Referrer-Policy', 'same-origin');
    context.header('X-Frame-Options', 'DENY');
    context.header('Cross-Origin-Opener-Policy', 'same-origin');
    await next();
  });
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/poll.js', (context) => context.body(POLLER, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
  app.get('/icon.svg', (context) => context.body(ICON, 200, { 'Content-Type': 'image/svg+xml' }));
  app.use(
    bodyLimit({
      maxSize: LARGEST_FORM_BYTES,
      onError: (context) => refusal(context, own, 413, 'The form is too large.'),
    }),
  );
  app.post('/sign-in', (context) => letIn(context, door));
  app.post('/sign-out', (context) => asked(context, own, SIGN_OUT(door)));
  for (const route of PAGES) {
    app.get(route.path, (context) => shown(context, own, route));
    if (route.write) app.post(route.path, (context) => asked(context, own, route));
  }
  // The router keeps `/console` and `/console/` apart.
  app.all('*', (context) =>
    shown(context, own, { path: '*', make: context.req.path === `${base}/` ? HOME : NOT_THERE }),
  );
  app.onError((thrown, context) => failure(context, own, thrown));
  return app;
}

const SIGN_OUT = (door: Door): PageRoute => ({
  path: '/sign-out',
  make: NOT_THERE,
  write: async (context) => signOut(context, door),
});

const NOT_THERE: PageMaker = async (frame) => noSuchPage(frame);

/** A page, for who has signed in. */
async function shown(context: Context, own: Console, { make, scope }: PageRoute): Promise<Response> {
  const visit = visitOf(context, own.door);
  if (!visit) return askToSignIn(context, own.door);
  if (own.requests.take(visit.by).kind === 'wait') return refusal(context, own, 429, TOO_OFTEN);
  if (scope && !visit.scopes.includes(scope)) return refusal(context, own, 403, lacking(visit, scope));
  const frame = frameOf(context, visit, own.deps);
  const { deps } = own;
  const given = Object.entries(context.req.query()).map(([name, value]) => [name, plainLines(value)] as const);
  const query = filled(Object.fromEntries(given)) as Readonly<Record<string, string>>;
  return framedPage(context, frame, await make(frame, { query, params: context.req.param(), deps }));
}

/** What a form of ours asks for, from who has signed in. */
async function asked(context: Context, own: Console, { scope, write }: PageRoute): Promise<Response> {
  const visit = visitOf(context, own.door);
  if (!visit) return askToSignIn(context, own.door);
  const { deps } = own;
  if (own.requests.take(visit.by).kind === 'wait') return refusal(context, own, 429, TOO_OFTEN);
  const form = await readForm(context);
  const strange = strangeForm(context, visit.formKey, formText(form, 'key'));
  if (strange !== null) {
    deps.log.warn('a form was refused', { by: visit.by, path: context.req.path, reason: strange });
    return refusal(context, own, 403, strange);
  }
  if (scope && !visit.scopes.includes(scope)) return refusal(context, own, 403, lacking(visit, scope));
  const frame = frameOf(context, visit, deps);
  const done = await write?.(context, { frame, visit, form, params: context.req.param(), deps });
  if (done === undefined) return context.notFound();
  return done instanceof Response ? done : framedPage(context, frame, done);
}

function lacking({ by }: SignedIn, scope: TokenScope): string {
  return `${by} has not the scope "${scope}".`;
}

function framedPage(context: Context, frame: Frame, parts: PageParts): Response {
  return context.html(framed(frame, parts), (parts.status ?? 200) as ContentfulStatusCode);
}

function frameOf(context: Context, visit: SignedIn, { base, pages, clock }: ConsoleDeps): Frame {
  const path = context.req.path.slice(base.length) || '/';
  return { base, path, now: clock.now(), visit, about: pages.about };
}

function failure(context: Context, own: Console, thrown: unknown): Response {
  const { code, message } = toHuntwireError(thrown);
  const status = httpStatusOf(code);
  if (!isForLog(code)) return refusal(context, own, status, message);
  own.deps.log.warn('a page could not be shown', { path: context.req.path, code, reason: message });
  return refusal(context, own, status, 'It cannot be shown at the moment; the log says why.');
}

function refusal(context: Context, { deps, door }: Console, status: number, why: string): Response {
  const body = markup`<p class="failed" role="alert">${why}</p><p><a href="${deps.base}/">Go to the overview</a></p>`;
  const parts: PageParts = { title: 'That did not work', body, still: true };
  const visit = visitOf(context, door);
  const page = visit
    ? framed(frameOf(context, visit, deps), parts)
    : bare(deps.base, parts.title, markup`<main class="sign"><h1>${parts.title}</h1>${body}</main>`);
  return context.html(page, status as ContentfulStatusCode);
}
