import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { callerAddress } from '../caller-address.ts';
import type { RateLimit } from '../rate-limit.ts';
import { tokenOf } from '../tokens.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { bare } from './frame.ts';
import { type Markup, markup, NOTHING } from './markup.ts';
import { formText, readForm } from './parts/form.ts';
import { strangeForm } from './same-origin.ts';
import { LONGEST_SESSION_MS, type SignedIn, type Visits } from './visits.ts';

export interface Door extends Pick<ConsoleDeps, 'base' | 'tokens' | 'login' | 'log'> {
  readonly visits: Visits;
  /** By address. */
  readonly wrongTokens: RateLimit;
}

const COOKIE = 'huntwire_session';

/** Who asks; null: nobody who has signed in. A token that was taken out of the configuration, or got other scopes, counts as it is now. */
export function visitOf(context: Context, door: Door): SignedIn | null {
  return visitByProxy(context, door) ?? visitByCookie(context, door) ?? visitByBearer(context, door);
}

/** The proxy names them with each request: no session is kept of them, so that requests without cookies push nobody's out. */
function visitByProxy(context: Context, door: Door): SignedIn | null {
  const by = proxyUser(context, door);
  if (by === null) return null;
  return { by, token: null, scopes: door.login?.scopes ?? [], formKey: door.visits.formKeyOf(`login ${by}`) };
}

function visitByCookie(context: Context, door: Door): SignedIn | null {
  const id = getCookie(context, COOKIE);
  const found = id === undefined ? null : door.visits.find(id);
  if (!found) return null;
  const token = door.tokens.find(({ name }) => name === found.token);
  return token?.scopes.includes('read') ? { ...found, scopes: token.scopes } : null;
}

/** Programs, and proxies that add the header, bring the token with each request: no session is kept of them. */
function visitByBearer(context: Context, { tokens, visits, wrongTokens, log }: Door): SignedIn | null {
  const header = context.req.header('authorization') ?? '';
  const address = callerAddress(context);
  if (!/^bearer /i.test(header) || wrongTokens.isFull(address)) return null;
  const token = tokenOf(header, tokens);
  if (token?.scopes.includes('read'))
    return {
      by: token.name,
      token: token.name,
      scopes: token.scopes,
      formKey: visits.formKeyOf(`token ${token.name}`),
    };
  if (token) return null;
  wrongTokens.take(address);
  log.warn('somebody asked for a page with an unknown token', { address });
  return null;
}

/** Whom the proxy has let in: only its own address is believed. */
function proxyUser(context: Context, { login }: Door): string | null {
  if (!login?.from.includes(callerAddress(context).replace(/^::ffff:/, ''))) return null;
  const user = context.req.header(login.header)?.trim() ?? '';
  return /^[\x21-\x7e]{1,128}$/.test(user) ? user : null;
}

function keepCookie(context: Context, { base }: Door, id: string): void {
  const maxAge = LONGEST_SESSION_MS / SECOND_MS;
  setCookie(context, COOKIE, id, { ...ways(context), path: base, maxAge });
}

/** Browsers say where the form stands; where a proxy speaks TLS to them, the cookie comes back by TLS only. */
function ways({ req }: Context) {
  const secure = req.header('origin')?.startsWith('https://') === true;
  return { httpOnly: true, sameSite: 'Strict', secure } as const;
}

/** What who has not signed in sees instead of a page. From another site no cookie comes along: then the page asks for itself once more. */
export function askToSignIn(context: Context, door: Door): Response {
  const { base } = door;
  const url = new URL(context.req.url);
  const here = `${url.pathname}${url.search}`;
  const site = context.req.header('sec-fetch-site');
  if (context.req.method === 'GET' && (site === 'cross-site' || site === 'same-site')) {
    const body = markup`<main class="sign"><h1>Huntwire</h1><p><a href="${here}">Go on</a></p></main>`;
    return context.html(bare(base, 'Go on', body, here));
  }
  return context.html(signInPage(base, { next: here, complaint: null }), 401);
}

function signInPage(
  base: string,
  { next, complaint }: { readonly next: string; readonly complaint: string | null },
): Markup {
  const wrong = complaint === null ? NOTHING : markup`<p class="failed" role="alert">${complaint}</p>`;
  return bare(
    base,
    'Sign in',
    markup`<main class="sign"><h1>Huntwire</h1>${wrong}<form method="post" action="${base}/sign-in">
<label for="token">Token (one of http.tokens that may read)</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<input type="hidden" name="next" value="${next}"><button>Sign in</button></form></main>`,
  );
}

/** Takes a token and gives a visit for it. */
export async function letIn(context: Context, door: Door): Promise<Response> {
  const { base, tokens, visits, wrongTokens, log } = door;
  const form = await readForm(context);
  const next = nextPath(formText(form, 'next'), base);
  const refuse = (status: 401 | 403 | 429, complaint: string): Response =>
    context.html(signInPage(base, { next, complaint }), status);
  const strange = strangeForm(context, null, undefined);
  if (strange !== null) return refuse(403, strange);
  const address = callerAddress(context);
  if (wrongTokens.isFull(address)) {
    context.header('Retry-After', String(MINUTE_MS / SECOND_MS));
    return refuse(429, 'There were too many wrong tokens; wait a minute.');
  }
  const token = tokenOf(`Bearer ${formText(form, 'token')}`, tokens);
  if (!token) {
    wrongTokens.take(address);
    log.warn('somebody tried to sign in with an unknown token', { address });
    return refuse(401, 'That is no token of this configuration.');
  }
  if (!token.scopes.includes('read')) return refuse(403, `The token "${token.name}" has not the scope "read".`);
  log.info('somebody has signed in', { by: token.name, address });
  keepCookie(context, door, visits.begin({ by: token.name, token: token.name, scopes: token.scopes }));
  return context.redirect(next, 303);
}

export function signOut(context: Context, { base, visits }: Door): Response {
  const id = getCookie(context, COOKIE);
  if (id !== undefined) visits.end(id);
  setCookie(context, COOKIE, '', { ...ways(context), path: base, maxAge: 0 });
  return context.redirect(`${base}/`, 303);
}

/** A page of ours, and nothing else: a sign-in that leads elsewhere would be believed. */
function nextPath(given: string, base: string): string {
  const isOurs = given.startsWith(`${base}/`) && !/[\\\s]|\/\//.test(given) && !given.startsWith(`${base}/sign-`);
  return isOurs ? given : `${base}/`;
}
