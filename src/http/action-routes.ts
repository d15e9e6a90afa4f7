import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Action } from '../actions/action.ts';
import { parseInput } from '../actions/parse-input.ts';
import { ACTIONS } from '../actions/registry.ts';
import { withJoined } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { MINUTE_MS } from '../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { callerAddress } from './caller-address.ts';
import { failWith, type HttpFailure } from './http-failure.ts';
import { httpStatusOf, isForLog } from './http-status.ts';
import { inputOfQuery } from './input-of-query.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { type Token, tokenOf } from './tokens.ts';

/** Who asks for an action, and for how long. */
export interface Caller {
  readonly by: string;
  readonly signal: AbortSignal;
}

export interface ActionRouteDeps {
  readonly tokens: readonly Token[];
  readonly perform: (action: Action, input: unknown, caller: Caller) => Promise<unknown>;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly log: Log;
}

interface Routes extends ActionRouteDeps {
  /** By the name of a token. */
  readonly requests: RateLimit;
  /** By address. */
  readonly wrongTokens: RateLimit;
  /** Actions that ask tenants or rehearse, at the moment. */
  running: number;
}

const LARGEST_BODY_BYTES = 256 * 1024;
const LONGEST_MS = 10 * MINUTE_MS;
const MOST_RUNNING = 4;

/** `POST /v1/actions/{slug}`, `GET /v1/alerts`, `GET /v1/rules`: for bearers of a token with the scope of the action, on loopback, too. */
export function addActionRoutes(app: Hono, deps: ActionRouteDeps, wrongTokens: RateLimit): void {
  const requests = createRateLimit({ burst: 60, perMinute: 300 }, deps.clock);
  const routes: Routes = {
    ...{ ...deps, requests, wrongTokens, running: 0 },
    // A reload may bring others.
    get tokens() {
      return deps.tokens;
    },
  };
  const tooLarge = (context: Context): Response =>
    failWith(context, { status: 413, code: 'TOO_LARGE', message: `A body has ${LARGEST_BODY_BYTES} bytes at most.` });
  const limit = bodyLimit({ maxSize: LARGEST_BODY_BYTES, onError: tooLarge });
  app.post('/v1/actions/:slug', async (context) => {
    const action = ACTIONS.get(context.req.param('slug'));
    const caller = admit(context, action ?? null, routes);
    if ('status' in caller) return failWith(context, caller);
    if (!action) return failWith(context, { status: 404, code: 'NOT_FOUND', message: 'There is no such action.' });
    const refused = await limit(context, async () => undefined).catch(() => failWith(context, BROKEN_OFF));
    return refused ?? answer(context, action, () => inputOfBody(context), caller, routes);
  });
  for (const [path, slug] of [
    ['/v1/alerts', 'list_alerts'],
    ['/v1/rules', 'list_rules'],
  ] as const) {
    app.get(path, (context) => {
      const action = ACTIONS.get(slug) ?? null;
      const caller = admit(context, action, routes);
      if ('status' in caller) return failWith(context, caller);
      if (!action) return context.notFound();
      return answer(context, action, async () => inputOfQuery(action.input, context.req.queries()), caller, routes);
    });
  }
}

/** Who asks, or why they may not. An action that is not there needs the least scope, so that strangers cannot look for some. */
function admit(context: Context, action: Action | null, routes: Routes): Pick<Caller, 'by'> | HttpFailure {
  const address = callerAddress(context);
  if (routes.wrongTokens.isFull(address)) return { ...TOO_MANY, retryAfterMs: MINUTE_MS / 20 };
  const token = tokenOf(context.req.header('authorization'), routes.tokens);
  if (!token) return strange(context, address, routes);
  const turn = routes.requests.take(token.name);
  if (turn.kind === 'wait') return { ...TOO_MANY, retryAfterMs: turn.waitMs };
  const scope = action?.scope ?? 'read';
  if (action && !token.scopes.includes(scope))
    return { status: 403, code: 'FORBIDDEN', message: `The token "${token.name}" has not the scope "${scope}".` };
  return { by: token.name };
}

const TOO_MANY = { status: 429, code: 'TOO_MANY_REQUESTS', message: 'Too many requests; wait.' } as const;
const BROKEN_OFF = { status: 400, code: 'USAGE', message: 'The body broke off.' } as const;
const NO_TOKEN = {
  status: 401,
  code: 'UNAUTHORIZED',
  message: 'A bearer token of the configuration is needed (http.tokens).',
} as const;

function strange(context: Context, address: string, { wrongTokens, log }: Routes): HttpFailure {
  wrongTokens.take(address);
  const { path } = context.req;
  if (wrongTokens.isFull(address)) log.warn('too many requests without a token that is known', { address, path });
  return NO_TOKEN;
}

async function inputOfBody(context: Context): Promise<unknown> {
  const text = await wholeBody(context);
  const type = (context.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (text !== '' && type !== 'application/json')
    throw new HuntwireError('USAGE', 'The body must be JSON, and say so: Content-Type: application/json.');
  return parseInput(text);
}

/** Who hangs up in the middle of it is nothing for the log: strangers could fill it. */
async function wholeBody(context: Context): Promise<string> {
  return context.req.text().catch((cause: unknown) => {
    throw new HuntwireError(BROKEN_OFF.code, BROKEN_OFF.message, { cause });
  });
}

async function answer(
  context: Context,
  action: Action,
  read: () => Promise<unknown>,
  { by }: Pick<Caller, 'by'>,
  routes: Routes,
): Promise<Response> {
  const isHeavy = action.scope === 'run';
  try {
    const input = await read();
    if (isHeavy && routes.running >= MOST_RUNNING) throw busy();
    const ends = [context.req.raw.signal, AbortSignal.timeout(LONGEST_MS)];
    if (isHeavy) routes.running += 1;
    try {
      const result = await withJoined(ends, (signal) => routes.perform(action, input, { by, signal }));
      return context.json(result ?? null);
    } finally {
      if (isHeavy) routes.running -= 1;
    }
  } catch (thrown) {
    return failWith(context, failureOf(toHuntwireError(thrown), action, routes));
  }
}

function busy(): HuntwireError {
  return new HuntwireError('ACTION_BUSY', `${MOST_RUNNING} actions that ask or rehearse go on already.`, {
    retryable: true,
  });
}

function failureOf(error: HuntwireError, { slug }: Action, { log }: Routes): HttpFailure {
  const { code, message, problems, retryAfterMs } = error;
  const answer = { status: httpStatusOf(code), code, retryAfterMs };
  if (!isForLog(code)) return { ...answer, message, problems };
  log.warn('an action could not be done', { action: slug, code, reason: message });
  return { ...answer, message: 'It cannot be done at the moment; the log says why.' };
}
