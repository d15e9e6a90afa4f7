import type { Config, HttpConfig } from '../../config/config.ts';
import { createDispatcher, undici } from '../../lib/dispatcher.ts';
import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { ERROR_CODES, type ErrorCode, HuntwireError } from '../../lib/errors.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { BackfillWish } from '../../state/store.ts';
import type { World } from '../terminal/world.ts';
import type { BackfillDocument } from './backfill-document.ts';

/** Asks the action `backfill_rule` of the process that runs and gives its document. */
export type AskRunner = (input: Readonly<Record<string, unknown>>) => Promise<BackfillDocument>;

export interface RunnerAsked {
  readonly tenant: string;
  readonly rule: string;
  readonly wish: BackfillWish;
  readonly onProgress: (document: BackfillDocument) => void;
}

/** How often what came of it so far is asked for. */
const FOLLOW = '2s';

/**
 * Has the process that runs search: its ledger, its quota and its deliveries are the only ones. Follows it to its end; where the world's
 * signal aborts it is cancelled, and can be gone on with.
 */
export async function backfillThroughRunner(
  { signal }: Pick<World, 'signal'>,
  { tenant, rule, wish, onProgress }: RunnerAsked,
  ask: AskRunner,
): Promise<BackfillDocument> {
  const { from, to, noLimit, retell } = wish;
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), noLimit };
  const input = { tenant, rule, ...range, ...(retell && { retell: 'excepted' }), wait: FOLLOW };
  for (;;) {
    const document = await ask(input);
    onProgress(document);
    if (!document.running) return document;
    if (signal.aborted) return ask({ ...input, cancel: true });
  }
}

const LIMIT_MS = MINUTE_MS;

/** Who can be asked for it by the configuration; STATE_LOCKED with a sentence where nobody can. */
export function runnerOf({ http }: Pick<Config, 'http'>, stateName: string): AskRunner {
  const refused = (why: string): HuntwireError =>
    new HuntwireError(
      'STATE_LOCKED',
      `A process runs on ${stateName}, and a backfill works on the same ledger: it is asked for through the HTTP of that process, but ${why}. Or end that process meanwhile.`,
    );
  if (!http) throw refused('"http" is not configured');
  const token = http.tokens.find(({ scopes }) => scopes.includes('write'))?.token.reveal();
  if (token === undefined) throw refused('no token of http.tokens has the scope "write"');
  const host = loopbackOf(http);
  if (host === null) throw refused(`http.host (${http.host}) is no address of loopback, nor all addresses`);
  if (http.port === 0) throw refused('http.port is 0, so that nobody knows where it listens');
  const url = `http://${host}:${http.port}${http.basePath.replace(/\/$/, '')}/v1/actions/backfill_rule`;
  return (input) => exchange(url, token, input, refused);
}

/** A token is sent to this machine only. */
function loopbackOf({ host }: Pick<HttpConfig, 'host'>): string | null {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '[::]') return '[::1]';
  return isLoopback(host) ? host : null;
}

async function exchange(
  url: string,
  token: string,
  input: Readonly<Record<string, unknown>>,
  refused: (why: string) => HuntwireError,
): Promise<BackfillDocument> {
  const dispatcher = createDispatcher({
    ...{ tls: {}, proxy: null, direct: true, connections: 1 },
    ...{ connectTimeoutMs: 5 * SECOND_MS, headersTimeoutMs: LIMIT_MS, bodyTimeoutMs: LIMIT_MS },
  });
  try {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = { method: 'POST' as const, headers, dispatcher, body: JSON.stringify(input) };
    const { statusCode, body } = await undici().request(url, sent);
    return documentIn(statusCode, await body.json(), refused);
  } catch (thrown) {
    if (thrown instanceof HuntwireError) throw thrown;
    throw Object.assign(refused(`nobody answers at ${url} as it does`), { cause: thrown });
  } finally {
    await dispatcher.destroy();
  }
}

function documentIn(status: number, answer: unknown, refused: (why: string) => HuntwireError): BackfillDocument {
  if (status === 200) return answer as BackfillDocument;
  const { error } = answer as { readonly error?: { readonly code?: string; readonly message?: string } };
  if (status === 401 || status === 403) throw refused('it knows another token than this configuration has');
  const code = ERROR_CODES.find((one): one is ErrorCode => one === error?.code);
  throw new HuntwireError(code ?? 'INTERNAL', error?.message ?? `The process that runs answered with ${status}.`);
}
