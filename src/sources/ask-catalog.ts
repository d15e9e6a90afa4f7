import { undici } from '../lib/dispatcher.ts';
import { atLeastRate } from '../lib/least-rate.ts';
import type { Catalog } from './api-wire.ts';
import { invalid } from './decode/decode-state.ts';
import { type Ask, baseOf, plainOf } from './hunting-exchange.ts';
import { requestHeaders } from './hunting-request.ts';
import type { QueryEnd, ToldTable } from './source.ts';

/** The metadata of a large workspace is some 10 MB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Asks once for all tables and hands them to `take`. */
export async function askCatalog(
  ask: Ask,
  catalog: Catalog,
  token: string,
  take: (tables: ReadonlyMap<string, ToldTable>) => void,
  signal: AbortSignal,
): Promise<QueryEnd> {
  const { client, heard } = ask;
  const { config, deps } = client;
  const begin = deps.clock.monotonic();
  const answer = await undici().request(`${baseOf(client)}${catalog.path(config)}`, {
    method: catalog.body ? 'POST' : 'GET',
    headers: requestHeaders(token, deps.version),
    ...(catalog.body && { body: JSON.stringify(catalog.body(config)) }),
    dispatcher: client.connections.current(),
    signal,
  });
  heard.note(answer.statusCode, answer.headers);
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of atLeastRate(await plainOf(ask, answer, token), deps.clock)) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw invalid(`it is larger than ${MOST_BYTES} bytes`);
    parts.push(chunk);
  }
  const tables = catalog.read(documentOf(Buffer.concat(parts).toString('utf8')));
  take(tables);
  const elapsedMs = deps.clock.monotonic() - begin;
  return { rows: tables.size, truncated: false, bytes, elapsedMs, serviceTime: heard.now() };
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('it is no JSON', cause);
  }
}
