import type { Received } from '../http-receiver.ts';
import { type Fault, objectIn, startVendor, type VendorReply } from './stand-in.ts';
import type { StandInTicket, TicketStandIn } from './tickets.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ServicenowRules {
  readonly authorization: string;
  readonly table?: string;
  /** Whether the table has the field; a query by a field that is not there finds every record. */
  readonly correlates?: boolean;
  /** Whether a resolve must say why. */
  readonly policy?: boolean;
}

interface ServiceRecord extends StandInTicket {
  readonly state: string;
}

/** A table of ServiceNow as its Table API says: nothing keeps two records with one `correlation_id` apart, and what is too long is cut. */
export async function startServicenow(rules: ServicenowRules, faults: Fault[] = []): Promise<TicketStandIn> {
  const records = new Map<string, ServiceRecord>();
  const vendor = await startVendor((request) => replyOf(request, records, rules), faults);
  return {
    ...vendor,
    tickets: () => [...records.values()],
    close: (key) => {
      const record = records.get(key);
      if (record) records.set(key, { ...record, state: '7', isOpen: false });
    },
    remove: (key) => records.delete(key),
    stop: vendor.close,
  };
}

function replyOf(request: Received, records: Map<string, ServiceRecord>, rules: ServicenowRules): VendorReply {
  if (request.headers.authorization !== rules.authorization) return no(401, 'User Not Authenticated', 'Required');
  const url = new URL(request.path, 'http://x');
  const [, table, id] = /^\/api\/now\/table\/(\w+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
  if (table !== (rules.table ?? 'incident')) return no(400, `Invalid table ${table}`, null);
  if (id === undefined && request.method === 'GET') return found(url.searchParams, records, rules);
  if (id === undefined && request.method === 'POST') return created(objectIn(request) ?? {}, records);
  const record = records.get(id ?? '');
  if (!record) return no(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
  if (request.method === 'PATCH') return changed(objectIn(request) ?? {}, record, records, rules);
  return { status: 200, body: { result: shown(record) } };
}

function found(
  query: URLSearchParams,
  records: ReadonlyMap<string, ServiceRecord>,
  rules: ServicenowRules,
): VendorReply {
  const [, wanted] = /^correlation_id=(\w+)\^ORDERBYsys_created_on$/.exec(query.get('sysparm_query') ?? '') ?? [];
  const all = [...records.values()];
  const hits =
    rules.correlates === false
      ? all.map((one) => ({ ...one, alertId: '' }))
      : all.filter(({ alertId }) => alertId === wanted);
  return { status: 200, body: { result: hits.slice(0, Number(query.get('sysparm_limit'))).map(shown) } };
}

function created(fields: Json, records: Map<string, ServiceRecord>): VendorReply {
  const { short_description: short, description, urgency, impact, correlation_id: alertId } = fields;
  const texts = [short, description].every((text) => typeof text === 'string' && text !== '');
  const levels = [urgency, impact].every((level) => ['1', '2', '3'].includes(String(level)));
  if (!texts || !levels || String(short).length > 160 || String(description).length > 4000)
    return no(400, 'Exception while reading request', 'the record is cut or wrong');
  const key = `${records.size}`.padStart(32, 'e');
  records.set(key, { key, alertId: String(alertId), isOpen: true, notes: [], document: fields, state: '1' });
  return { status: 201, headers: { location: `/api/now/table/incident/${key}` }, body: { result: { sys_id: key } } };
}

function changed(
  fields: Json,
  record: ServiceRecord,
  records: Map<string, ServiceRecord>,
  rules: ServicenowRules,
): VendorReply {
  const { state = record.state, work_notes: note, close_code: code, close_notes: why } = fields;
  if (typeof note !== 'string' || note.length > 4000 || /\[\/?code\]/i.test(note))
    return no(400, 'the note is wrong', null);
  const closes = ['6', '7'].includes(String(state)) && String(state) !== record.state;
  if (closes && rules.policy !== false && !(code && why))
    return no(
      403,
      'Operation Failed',
      'Data Policy Exception: The following fields are mandatory: Close code, Close notes',
    );
  records.set(record.key, {
    ...record,
    state: String(state),
    isOpen: record.isOpen && !closes,
    notes: [...record.notes, note],
    document: { ...record.document, ...fields },
  });
  return { status: 200, body: { result: { sys_id: record.key } } };
}

function shown({ key, alertId, state }: ServiceRecord): Json {
  return { sys_id: key, correlation_id: alertId, state, active: String(state !== '7') };
}

function no(status: number, message: string, detail: string | null): VendorReply {
  return { status, body: { error: { message, detail }, status: 'failure' } };
}
