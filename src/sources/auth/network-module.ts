import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { withDeadline } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Connections } from '../../lib/connections.ts';
import { undici } from '../../lib/dispatcher.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import { TOO_SLOW } from '../../lib/least-rate.ts';
import type { HeardTime } from '../heard-time.ts';

const MAX_ANSWER_BYTES = 1024 * 1024;
/** For one request and its whole answer, which the library would wait for without end. */
export const LOGIN_TIMEOUT_MS = 40 * SECOND_MS;

export interface NetworkModuleOptions {
  readonly connections: Connections;
  /** Origin that the library believes in and the one to be asked instead: `https://127.0.0.1:1` to `http://127.0.0.1:1`. */
  readonly rewrite: { readonly from: string; readonly to: string } | null;
  /** Told of the answers of `host`; null: of all. */
  readonly heard: HeardTime;
  readonly host: string | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An answer that was no grant. */
export interface LoginRefusal {
  readonly status: number;
  readonly text: string;
}

/** msal-node's network over undici, with our proxy, CA and timeouts. */
export interface LoginNetwork extends INetworkModule {
  /** The latest error on the way to the login host, since `forget`: msal-node hides it behind a code of its own. */
  failure(): unknown;
  /** The latest answer with an error, since `forget`; null: there was none. */
  refusal(): LoginRefusal | null;
  /** Credentials that were sent since `forget`, an assertion among them. */
  sent(): readonly string[];
  /** What was heard is forgotten with it. */
  forget(): void;
}

export function createLoginNetwork(options: NetworkModuleOptions): LoginNetwork {
  let failure: unknown = null;
  let refusal: LoginRefusal | null = null;
  let sent: readonly string[] = [];
  const send = async <T>(
    method: 'GET' | 'POST',
    url: string,
    asked?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> => {
    sent = [...sent, ...credentialsIn(asked?.body ?? '')];
    try {
      const answer = await inTime(options, (signal) => sendOnce<T>({ ...options, signal }, method, url, asked));
      if (answer.status >= 400) refusal = { status: answer.status, text: refusalText(answer.body) };
      return answer;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  return {
    sendGetRequestAsync: (url, asked) => send('GET', url, asked),
    sendPostRequestAsync: (url, asked) => send('POST', url, asked),
    failure: () => failure,
    refusal: () => refusal,
    sent: () => sent,
    forget: () => {
      failure = null;
      refusal = null;
      sent = [];
      options.heard.forget();
    },
  };
}

/** Members of a token request that prove who asks. */
const CREDENTIALS = [
  'client_secret',
  'client_assertion',
  'assertion',
  'refresh_token',
  'device_code',
  'code',
  'password',
];

function credentialsIn(body: string): readonly string[] {
  const members = new URLSearchParams(body);
  return CREDENTIALS.flatMap((name) => members.getAll(name));
}

async function inTime<T>(
  { clock, signal }: NetworkModuleOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const outcome = await withDeadline(clock, LOGIN_TIMEOUT_MS, signal, work);
  if (outcome.kind === 'done') return outcome.value;
  const message = `no complete answer came within ${LOGIN_TIMEOUT_MS / SECOND_MS} s`;
  throw Object.assign(new Error(message), { code: TOO_SLOW });
}

async function sendOnce<T>(
  options: NetworkModuleOptions,
  method: 'GET' | 'POST',
  url: string,
  asked: NetworkRequestOptions = {},
): Promise<NetworkResponse<T>> {
  const { connections, signal, rewrite, heard, host } = options;
  const target = rewrite && url.startsWith(`${rewrite.from}/`) ? rewrite.to + url.slice(rewrite.from.length) : url;
  const sent = method === 'POST' ? (asked.body ?? '') : null;
  const answer = await undici().request(target, {
    method,
    dispatcher: connections.current(),
    signal,
    headers: asked.headers ?? {},
    body: sent,
  });
  if (host === null || new URL(target).host === host) heard.note(answer.statusCode, answer.headers);
  const body = parseAnswer(await readText(answer.body), answer.statusCode) as T;
  return { status: answer.statusCode, headers: flat(answer.headers), body };
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function refusalText(body: unknown): string {
  const told = (body as { readonly error_description?: unknown } | null)?.error_description;
  return typeof told === 'string' ? told : (JSON.stringify(body) ?? '');
}

/** A web page from a proxy becomes an error in the shape that msal-node reads. */
function parseAnswer(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {
      error: 'no_json',
      error_description: `The login host answered ${status} with ${text ? 'a web page' : 'nothing'}.`,
    };
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
