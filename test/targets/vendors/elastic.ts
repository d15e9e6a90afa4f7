import type { Received } from '../http-receiver.ts';
import { startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface ElasticStandIn extends VendorStandIn {
  /** By id. */
  readonly documents: ReadonlyMap<string, Fields>;
}

interface Item {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string };
}

/** What an item gets in place of its own result, by its id. */
export type ItemFaults = Readonly<Record<string, Item>>;

/** `_bulk` of Elasticsearch: NDJSON, `create` only, a result for each item in a 200, dates and keywords checked as a mapping would. */
export async function startElastic(
  apiKey: string,
  faults: VendorReply[] = [],
  items: ItemFaults = {},
): Promise<ElasticStandIn> {
  const documents = new Map<string, Fields>();
  const reply = (request: Received): VendorReply => {
    if (!request.path.startsWith('/_bulk') || request.method !== 'POST') return { status: 404 };
    if (request.headers.authorization !== `ApiKey ${apiKey}`)
      return { status: 401, body: { error: { type: 'security_exception' }, status: 401 } };
    if (request.headers['content-type'] !== 'application/x-ndjson') return { status: 406 };
    if (!request.body.endsWith('\n')) return { status: 400, body: { error: { type: 'illegal_argument_exception' } } };
    const lines = request.body.slice(0, -1).split('\n');
    const results = pairsOf(lines).map(([action, document]) => take(documents, action, document, items));
    const isBad = results.some(({ status }) => status >= 300);
    return { status: 200, body: { errors: isBad, items: results.map((create) => ({ create })) } };
  };
  return { ...(await startVendor(reply, faults)), documents };
}

function pairsOf(lines: readonly string[]): [Fields, Fields][] {
  return Array.from({ length: lines.length / 2 }, (_, at) => [
    JSON.parse(lines[2 * at] ?? '') as Fields,
    JSON.parse(lines[2 * at + 1] ?? '') as Fields,
  ]);
}

function take(documents: Map<string, Fields>, action: Fields, document: Fields, faults: ItemFaults): Item {
  const { _index, _id } = (action.create ?? {}) as { _index?: string; _id?: string };
  if (!_index || !_id || Buffer.byteLength(_id) > 512) return no(400, 'illegal_argument_exception', 'no create');
  const fault = faults[_id];
  if (fault) return fault;
  if (documents.has(_id)) return no(409, 'version_conflict_engine_exception', 'document already exists');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(document['@timestamp'])))
    return no(400, 'document_parsing_exception', 'failed to parse field [@timestamp]');
  documents.set(_id, document);
  return { status: 201 };
}

function no(status: number, type: string, reason: string): Item {
  return { status, error: { type, reason } };
}
