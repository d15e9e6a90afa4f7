import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { undici } from '../lib/dispatcher.ts';
import type { HuntwireError } from '../lib/errors.ts';
import { createMask } from '../lib/mask.ts';
import { wireOf } from './api-traits.ts';
import { type AnswerText, classifyAnswer } from './errors.ts';
import type { HeardTime } from './heard-time.ts';
import type { HuntingClient } from './hunting-client.ts';
import { labelledQuery, requestHeaders } from './hunting-request.ts';
import { plainBody, readErrorBody, readRows } from './read-body.ts';
import type { QueryEnd, QueryRequest, RowSink } from './source.ts';

const MANGLED =
  'The answer held bytes that are no UTF-8: they are shown as U+FFFD. Look for a proxy that changes answers.';
/** What Log Analytics says of a workspace without data. */
const NO_CONTENT = 204;

/** One query and what has come of it so far. */
export interface Ask {
  readonly client: HuntingClient;
  readonly request: QueryRequest;
  readonly sink: RowSink;
  readonly heard: HeardTime;
  waitsFor: 'login' | 'answer';
}

/** Sends the query once and reads the answer. */
export async function exchange(ask: Ask, token: string, signal: AbortSignal): Promise<QueryEnd> {
  const { client, request, heard } = ask;
  const { traits, config, deps } = client;
  const begin = deps.clock.monotonic();
  const wire = wireOf(traits);
  const url = `${baseOf(client)}${wire.path(config)}`;
  const body = JSON.stringify(wire.body(config, labelledQuery(request.ruleId, request.query), request));
  const headers = { ...requestHeaders(token, deps.version), ...wire.headers?.(config) };
  const dispatcher = client.connections.current();
  const answer = await undici().request(url, { method: 'POST', headers, body, dispatcher, signal });
  heard.note(answer.statusCode, answer.headers);
  const plain = await plainOf(ask, answer, token);
  const end = answer.statusCode === NO_CONTENT ? readNothing(ask) : await readAnswer(ask, plain, token);
  return { ...end, elapsedMs: deps.clock.monotonic() - begin, serviceTime: heard.now() };
}

export function baseOf({ baseUrl }: HuntingClient): string {
  return `${baseUrl.origin}${baseUrl.pathname.replace(/\/$/, '')}`;
}

/** The body of an answer that is one; throws what any other means. */
export async function plainOf(
  { client, heard }: Ask,
  answer: Dispatcher.ResponseData,
  token: string,
): Promise<Readable> {
  const plain = plainBody(answer.body, headerOf(answer, 'content-encoding').toLowerCase());
  if (answer.statusCode >= 200 && answer.statusCode <= 299) return plain;
  // A service that echoes what it was sent must not bring the token into a message.
  const said = createMask([token])(await readErrorBody(plain, client.deps.clock), true);
  throw refusalOf(client, { status: answer.statusCode, body: said, retryAfter: retryAfterOf(answer) }, heard);
}

type ReadEnd = Pick<QueryEnd, 'rows' | 'truncated' | 'bytes' | 'scannedBytes'>;

function readNothing({ sink }: Ask): ReadEnd {
  sink.schema([]);
  return { rows: 0, truncated: false, bytes: 0 };
}

async function readAnswer({ client, request, sink, heard }: Ask, body: Readable, token: string): Promise<ReadEnd> {
  const { traits, config, deps } = client;
  const refuse = (error: unknown): HuntwireError => {
    const said = createMask([token])(JSON.stringify({ error }), true);
    return refusalOf(client, { status: 200, body: said, retryAfter: null }, heard);
  };
  const form = wireOf(traits).answer(refuse);
  const { mangled, ...end } = await readRows(body, config.limits, { sink, form, clock: deps.clock });
  if (mangled) deps.log.warn(MANGLED, { tenant: deps.tenant, ruleId: request.ruleId, api: traits.api });
  return end;
}

function refusalOf(client: HuntingClient, said: AnswerText, heard: HeardTime): HuntwireError {
  const { api, permission, retiresOn, grant } = client.traits;
  const now = heard.now() ?? client.deps.clock.now();
  const permissionName = client.deps.auth?.deviceCode ? permission.delegated : permission.application;
  return classifyAnswer({ ...said, now }, { api, permission: permissionName, retiresOn, ...(grant && { grant }) });
}

function retryAfterOf(answer: Dispatcher.ResponseData): string | null {
  return headerOf(answer, 'retry-after') || null;
}

function headerOf(answer: Dispatcher.ResponseData, name: string): string {
  const value = answer.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
