import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { toHuntwireError } from '../../lib/errors.ts';
import { httpStatusOf, isForLog } from '../http-status.ts';
import { createRateLimit, type RateLimit } from '../rate-limit.ts';
import { POLLER } from './assets/poller.ts';
import { ICON, STYLE } from './assets/style.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { bare, type Frame, framed, type PageParts } from './frame.ts';
import { markup } from './markup.ts';
import { HOME, PAGES, type PageMaker } from './page-routes.ts';
import { strangeForm } from './same-origin.ts';
import { askToSignIn, type Door, formText, letIn, signOut, visitOf } from './signing-in.ts';
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
  app.post('/sign-out', (context) => asked(context, own, async () => signOut(context, door)));
  for (const { path, make, write } of PAGES) {
    app.get(path, (context) => shown(context, own, make));
    if (write) app.post(path, (context) => asked(context, own, (visit, form) => write(context, { visit, form, deps })));
  }
  // The router keeps `/console` and `/console/` apart.
  app.all('*', (context) => shown(context, own, context.req.path === `${base}/` ? HOME : noSuchPage));
  app.onError((thrown, context) => failure(context, own, thrown));
  return app;
}

const noSuchPage: PageMaker = async () => ({
  title: 'There is no such page',
  body: markup`<p>What was looked for is not there, or not any more.</p>`,
  still: true,
  status: 404,
});

/** A page, for who has signed in. */
async function shown(context: Context, own: Console, make: PageMaker): Promise<Response> {
  const visit = visitOf(context, own.door);
  if (!visit) return askToSignIn(context, own.door);
  const turn = own.requests.take(visit.by);
  if (turn.kind === 'wait') return refusal(context, own, 429, 'Too many requests; wait a moment.');
  const frame = frameOf(context, visit, own.deps);
  const parts = await make(frame, { query: queryOf(context), params: context.req.param(), deps: own.deps, visit });
  return context.html(framed(frame, parts), (parts.status ?? 200) as 200);
}

/** What a form of ours asks for, from who has signed in. */
async function asked(
  context: Context,
  own: Console,
  work: (visit: SignedIn, form: FormData) => Promise<Response>,
): Promise<Response> {
  const visit = visitOf(context, own.door);
  if (!visit) return askToSignIn(context, own.door);
  const form = await context.req.formData();
  const strange = strangeForm(context, visit.formKey, formText(form, 'key'));
  if (strange === null) return work(visit, form);
  own.deps.log.warn('a form was refused', { by: visit.by, path: context.req.path, reason: strange });
  return refusal(context, own, 403, strange);
}

function queryOf(context: Context): Readonly<Record<string, string>> {
  return context.req.query();
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
  return context.html(page, status as 400);
}
