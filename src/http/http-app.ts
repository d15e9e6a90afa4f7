import { type Context, Hono } from 'hono';
import type { Health } from '../actions/read-health.ts';
import { whyNotReady } from '../actions/readiness.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { Pulse } from './pulse.ts';
import { type Token, type TokenScope, tokenOf } from './tokens.ts';

/** Each part looks at its clocks once a minute; one that has not for so long hangs. */
const LONGEST_SILENCE_MS = 5 * MINUTE_MS;

export interface HttpDeps {
  /** The address that is listened on, as URL writes it. */
  readonly host: string;
  /** Begins with a slash. */
  readonly basePath: string;
  readonly tokens: readonly Token[];
  readonly pulse: Pick<Pulse, 'silent'>;
  readonly health: () => Promise<Health>;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  readonly log: Log;
}

/**
 * `/livez`, `/readyz`, `/metrics`. On loopback they need no token, and answer only who calls them by a name of this machine: a web page
 * that lets its own name lead here gets nothing. On other addresses the first two tell their status to everybody, and why to who may
 * read; `/metrics` needs a token.
 */
export function createHttpApp(deps: HttpDeps): Hono {
  const app = new Hono().basePath(deps.basePath);
  app.use(async (context, next) => {
    if (isLoopback(deps.host) && !isLoopback(hostOf(context))) return fail(context, 403, 'FORBIDDEN', FOREIGN_NAME);
    if (!['GET', 'HEAD'].includes(context.req.method))
      return fail(context, 405, 'METHOD', 'Only GET and HEAD are known.');
    await next();
    context.header('Cache-Control', 'no-store');
    context.header('X-Content-Type-Options', 'nosniff');
    return undefined;
  });
  app.get('/livez', (context) => liveness(context, deps));
  app.get('/readyz', (context) => readiness(context, deps));
  app.get('/metrics', (context) => metrics(context, deps));
  app.notFound((context) => fail(context, 404, 'NOT_FOUND', 'There is nothing at this path.'));
  app.onError((thrown, context) => {
    const { code, message } = toHuntwireError(thrown);
    deps.log.warn('a request could not be answered', { path: context.req.path, code, reason: message });
    return fail(context, 503, code, 'It cannot be answered at the moment; the log says why.');
  });
  return app;
}

const FOREIGN_NAME = 'This address answers only to localhost, 127.0.0.1 and ::1 as its host.';

function hostOf(context: Context): string {
  return (context.req.header('host') ?? '').replace(/:\d+$/, '');
}

function mayRead(context: Context, { host, tokens }: HttpDeps, scope: TokenScope = 'read'): boolean {
  return isLoopback(host) || tokenOf(context.req.header('authorization'), tokens)?.scopes.includes(scope) === true;
}

function liveness(context: Context, deps: HttpDeps): Response {
  const silent = deps.pulse.silent(LONGEST_SILENCE_MS);
  const alive = silent.length === 0;
  return context.json({ alive, ...(mayRead(context, deps) && { silent }) }, alive ? 200 : 503);
}

async function readiness(context: Context, deps: HttpDeps): Promise<Response> {
  const reasons = whyNotReady(await deps.health());
  const ready = reasons.length === 0;
  return context.json({ ready, ...(mayRead(context, deps) && { reasons }) }, ready ? 200 : 503);
}

async function metrics(context: Context, deps: HttpDeps): Promise<Response> {
  if (!mayRead(context, deps)) {
    context.header('WWW-Authenticate', 'Bearer');
    return fail(context, 401, 'UNAUTHORIZED', 'A bearer token with the scope "read" is needed (http.tokens).');
  }
  return context.body(await deps.metrics.text(), 200, { 'Content-Type': deps.metrics.contentType });
}

function fail(context: Context, status: 401 | 403 | 404 | 405 | 503, code: string, message: string): Response {
  return context.json({ error: { code, message } }, status);
}
