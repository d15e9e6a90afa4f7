import type { Received } from '../http-receiver.ts';
import { startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

const MAX_BYTES = 1_000_000;

export interface SplunkEvent {
  readonly time: number;
  readonly host?: string;
  readonly index?: string;
  readonly sourcetype?: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, string>>;
}

export interface SplunkStandIn extends VendorStandIn {
  readonly events: SplunkEvent[];
}

/** The HTTP Event Collector by its codes: events one behind the other; those before an invalid one are not kept. */
export async function startSplunk(
  token: string,
  indexes: readonly string[],
  faults: VendorReply[] = [],
): Promise<SplunkStandIn> {
  const events: SplunkEvent[] = [];
  const reply = (request: Received): VendorReply => {
    const refusal = refusalOf(request, token);
    if (refusal) return refusal;
    const sent = documentsIn(request.body);
    if (sent.length === 0) return no(400, 5, 'No data');
    for (const [at, one] of sent.entries()) {
      const fault = faultOf(one, indexes);
      if (fault) return { status: 400, body: { ...fault, 'invalid-event-number': at } };
    }
    events.push(...(sent as SplunkEvent[]));
    return { status: 200, body: { text: 'Success', code: 0 } };
  };
  return { ...(await startVendor(reply, faults)), events };
}

function no(status: number, code: number, text: string): VendorReply {
  return { status, body: { text, code } };
}

function refusalOf({ path, method, headers, body }: Received, token: string): VendorReply | null {
  if (path !== '/services/collector/event' || method !== 'POST') return no(404, 404, 'The requested URL was not found');
  if (headers.authorization === undefined) return no(401, 2, 'Token is required');
  if (!headers.authorization.startsWith('Splunk ')) return no(401, 3, 'Invalid authorization');
  if (headers.authorization !== `Splunk ${token}`) return no(403, 4, 'Invalid token');
  return Buffer.byteLength(body) > MAX_BYTES ? no(413, 27, 'Request entity too large') : null;
}

function faultOf(one: unknown, indexes: readonly string[]): { text: string; code: number } | null {
  const { time, event, index, fields = {} } = (one ?? {}) as Record<string, unknown>;
  if (event === undefined) return { text: 'Event field is required', code: 12 };
  if (event === '') return { text: 'Event field cannot be blank', code: 13 };
  if (typeof time !== 'number' || !/^\d{10}(\.\d{1,3})?$/.test(String(time)))
    return { text: 'Invalid data format', code: 6 };
  if (index !== undefined && !indexes.includes(String(index))) return { text: 'Incorrect index', code: 7 };
  const flat = Object.values(fields as object).every((value) => typeof value === 'string');
  return flat ? null : { text: 'Error in handling indexed fields', code: 15 };
}

/** JSON objects that stand one behind the other. */
export function documentsIn(text: string): unknown[] {
  const found: unknown[] = [];
  let depth = 0;
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '{') depth += 1;
    else if (!quoted && character === '}') {
      depth -= 1;
      if (depth > 0) continue;
      found.push(JSON.parse(text.slice(start, at + 1)));
      start = at + 1;
    }
  }
  return found;
}
