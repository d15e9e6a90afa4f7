import { type Context, Hono } from 'hono';
import type { Health } from '../actions/read-health.ts';
import { whyNotReady } from '../actions/readiness.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import { isLoopback } from '../lib/loopback.ts';
import { type ActionRouteDeps, addActionRoutes } from './action-routes.ts';
import { callerAddress } from './caller-address.ts';
import { createConsoleApp } from './console/console-app.ts';
import type { ConsoleDeps } from './console/console-deps.ts';
import { type Described, openApi } from './description/open-api.ts';
import { swagger } from './description/swagger.ts';
import { failWith, type HttpFailure } from './http-failure.ts';
import type { Pulse } from './pulse.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { tokenOf } from './tokens.ts';

/** Each part looks at its clocks once a minute; one that has not for so long hangs. */
const LONGEST_SILENCE_MS = 5 * MINUTE_MS;

export interface HttpDeps extends ActionRouteDeps {
  /** The address that is listened on, as URL writes it. */
  readonly host: string;
  /** Begins with a slash. */
  readonly basePath: string;
  readonly pulse: Pick<Pulse, 'silent'>;
  readonly health: () => Promise<Health>;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  /** Pages for people; left out, or null: there are none. */
  readonly console?: Pick<ConsoleDeps, 'pages' | 'login' | 'tries' | 'clock'> | null;
  /** What descriptions of the actions say beside them. */
  readonly described: Omit<Described, 'base'>;
}

/**
 * `/livez`, `/readyz`, `/metrics`, actions, and what describes these. On loopback all but the actions need no token, and answer only who calls
 * them by a name of this machine: a web page that lets its own name lead here gets nothing. On other addresses the first two tell their status to everybody, and why to who may
 * read; `/metrics` needs a token.
 */
export function createHttpApp(deps: HttpDeps): Hono {
  const app = new Hono().basePath(deps.basePath);
  app.use(async (context, next) => {
    if (isLoopback(deps.host) && !isLoopback(hostOf(context))) return failWith(context, FOREIGN_NAME);
    if (!isKnownMethod(context)) return failWith(context, METHOD);
    await next();
    context.header('Cache-Control', 'no-store');
    context.header('X-Content-Type-Options', 'nosniff');
    return undefined;
  });
  const wrongTokens = createRateLimit({ burst: 20, perMinute: 20 }, deps.clock);
  const mayRead: MayRead = (context) => isLoopback(deps.host) || isReader(context, deps, wrongTokens);
  addActionRoutes(app, deps, wrongTokens);
  app.get('/livez', (context) => liveness(context, deps, mayRead));
  app.get('/readyz', (context) => readiness(context, deps, mayRead));
  app.get('/metrics', (context) => metrics(context, deps, mayRead));
  const described = { ...deps.described, base: deps.basePath };
  app.get('/openapi.json', (context) => context.json(openApi(described)));
  app.get('/swagger.json', (context) => context.json(swagger(described)));
  addConsole(app, deps);
  app.notFound((context) =>
    failWith(context, { status: 404, code: 'NOT_FOUND', message: 'There is nothing at this path.' }),
  );
  app.onError((thrown, context) => {
    const { code, message } = toHuntwireError(thrown);
    deps.log.warn('a request could not be answered', { path: context.req.path, code, reason: message });
    return failWith(context, { status: 503, code, message: 'It cannot be answered at the moment; the log says why.' });
  });
  return app;
}

function addConsole(app: Hono, deps: HttpDeps): void {
  if (!deps.console) return;
  const base = `${deps.basePath.replace(/\/+$/, '')}/console`;
  const { perform, log } = deps;
  const own = createConsoleApp({
    ...{ ...deps.console, base, perform, log },
    get tokens() {
      return deps.tokens;
    },
  });
  app.route('/console', own);
}

const FOREIGN_NAME: HttpFailure = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'This address answers only to localhost, 127.0.0.1 and ::1 as its host.',
};
const METHOD: HttpFailure = {
  status: 405,
  code: 'METHOD',
  message: 'Actions are asked for with POST, the rest with GET or HEAD.',
};
const UNREADABLE: HttpFailure = {
  status: 401,
  code: 'UNAUTHORIZED',
  message: 'A bearer token with the scope "read" is needed (http.tokens).',
};

function isKnownMethod({ req: { method, path } }: Context): boolean {
  if (/\/v1\/actions\/[^/]*$/.test(path)) return method === 'POST';
  return ['GET', 'HEAD'].includes(method) || (method === 'POST' && /\/console\/./.test(path));
}

function hostOf(context: Context): string {
  return (context.req.header('host') ?? '').replace(/:\d+$/, '');
}

type MayRead = (context: Context) => boolean;

/** A wrong token counts wherever it is tried: no path tells strangers without end whether they guessed one. */
function isReader(context: Context, { tokens }: HttpDeps, wrongTokens: RateLimit): boolean {
  const given = context.req.header('authorization');
  const address = callerAddress(context);
  if (!given || wrongTokens.isFull(address)) return false;
  const token = tokenOf(given, tokens);
  if (!token) wrongTokens.take(address);
  return token?.scopes.includes('read') === true;
}

function liveness(context: Context, deps: HttpDeps, mayRead: MayRead): Response {
  const silent = deps.pulse.silent(LONGEST_SILENCE_MS);
  const alive = silent.length === 0;
  return context.json({ alive, ...(mayRead(context) && { silent }) }, alive ? 200 : 503);
}

async function readiness(context: Context, deps: HttpDeps, mayRead: MayRead): Promise<Response> {
  const reasons = whyNotReady(await deps.health());
  const ready = reasons.length === 0;
  return context.json({ ready, ...(mayRead(context) && { reasons }) }, ready ? 200 : 503);
}

async function metrics(context: Context, deps: HttpDeps, mayRead: MayRead): Promise<Response> {
  if (!mayRead(context)) return failWith(context, UNREADABLE);
  return context.body(await deps.metrics.text(), 200, { 'Content-Type': deps.metrics.contentType });
}
