import type { Config, HttpConfig } from '../../config/config.ts';
import { createDispatcher, undici } from '../../lib/dispatcher.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import { ERROR_CODES, type ErrorCode, HuntwireError } from '../../lib/errors.ts';
import { isLoopback } from '../../lib/loopback.ts';

/** Has the process that runs do one action, and gives its document. */
export type AskAction = (input: object, signal?: AbortSignal) => Promise<unknown>;

export interface AskedAction {
  readonly slug: string;
  /** Why it is that process that has to do it, as half a sentence that "through its HTTP" goes on. */
  readonly what: string;
  /** How long its answer is waited for. */
  readonly limitMs: number;
}

/** Who can be asked for it by the configuration; STATE_LOCKED with a sentence where nobody can. */
export function askRunnerOf({ http }: Pick<Config, 'http'>, stateName: string, asked: AskedAction): AskAction {
  const refused = (why: string): HuntwireError =>
    new HuntwireError(
      'STATE_LOCKED',
      `A process runs on ${stateName}, and ${asked.what} through the HTTP of that process, but ${why}. Or end that process meanwhile.`,
    );
  if (!http) throw refused('"http" is not configured');
  const token = http.tokens.find(({ scopes }) => scopes.includes('write'))?.token.reveal();
  if (token === undefined) throw refused('no token of http.tokens has the scope "write"');
  const host = loopbackOf(http);
  if (host === null) throw refused(`http.host (${http.host}) is no address of loopback, nor all addresses`);
  if (http.port === 0) throw refused('http.port is 0, so that nobody knows where it listens');
  const url = `http://${host}:${http.port}${http.basePath.replace(/\/$/, '')}/v1/actions/${asked.slug}`;
  return (input, signal) => exchange({ url, token, limitMs: asked.limitMs, refused }, input, signal);
}

/** A token is sent to this machine only. */
function loopbackOf({ host }: Pick<HttpConfig, 'host'>): string | null {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '[::]') return '[::1]';
  return isLoopback(host) ? host : null;
}

interface Door {
  readonly url: string;
  readonly token: string;
  readonly limitMs: number;
  readonly refused: (why: string) => HuntwireError;
}

async function exchange({ url, token, limitMs, refused }: Door, input: object, signal?: AbortSignal): Promise<unknown> {
  const dispatcher = createDispatcher({
    ...{ tls: {}, proxy: null, direct: true, connections: 1 },
    ...{ connectTimeoutMs: 5 * SECOND_MS, headersTimeoutMs: limitMs, bodyTimeoutMs: limitMs },
  });
  try {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = { method: 'POST' as const, headers, dispatcher, body: JSON.stringify(input), signal: signal ?? null };
    const { statusCode, body } = await undici().request(url, sent);
    return documentIn(statusCode, await body.json(), refused);
  } catch (thrown) {
    if (thrown instanceof HuntwireError) throw thrown;
    if (signal?.aborted) throw new HuntwireError('ABORTED', 'It was stopped before its end.', { cause: thrown });
    throw Object.assign(refused(`nobody answers at ${url} as it does`), { cause: thrown });
  } finally {
    await dispatcher.destroy();
  }
}

function documentIn(status: number, answer: unknown, refused: (why: string) => HuntwireError): unknown {
  if (status === 200) return answer;
  const { error } = answer as { readonly error?: { readonly code?: string; readonly message?: string } };
  if (status === 401 || status === 403) throw refused('it knows another token than this configuration has');
  const code = ERROR_CODES.find((one): one is ErrorCode => one === error?.code);
  throw new HuntwireError(code ?? 'INTERNAL', error?.message ?? `The process that runs answered with ${status}.`);
}
