import type { Received } from '../http-receiver.ts';
import { objectIn, startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface OtlpRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: Fields;
  /** By key. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface OtlpStandIn extends VendorStandIn {
  readonly records: OtlpRecord[];
}

/** A collector's OTLP/HTTP receiver: JSON of the data model, a partial success where it does not like a record. `rejects`: by the id of the alert. */
export async function startOtlp(rejects: readonly string[] = [], faults: VendorReply[] = []): Promise<OtlpStandIn> {
  const records: OtlpRecord[] = [];
  const reply = (request: Received): VendorReply => {
    if (request.path !== '/v1/logs' || request.method !== 'POST') return { status: 404 };
    if (request.headers['content-type'] !== 'application/json') return { status: 415 };
    const sent = recordsIn(objectIn(request) ?? {});
    if (!sent) return { status: 400, body: { code: 3, message: 'no log records' } };
    const isBad = ({ attributes }: OtlpRecord) => rejects.includes(String(attributes['huntwire.alert.id']));
    records.push(...sent.filter((one) => !isBad(one)));
    const count = sent.filter(isBad).length;
    if (count === 0) return { status: 200, body: {} };
    return { status: 200, body: { partialSuccess: { rejectedLogRecords: String(count), errorMessage: 'too odd' } } };
  };
  return { ...(await startVendor(reply, faults)), records };
}

function recordsIn(request: Fields): OtlpRecord[] | null {
  const [resource] = listOf(request.resourceLogs);
  const [scope] = listOf(resource?.scopeLogs);
  const records = listOf(scope?.logRecords);
  return records.length > 0 && records.every(isRecord) ? records.map(readRecord) : null;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value : [];
}

function isRecord({ timeUnixNano, observedTimeUnixNano, severityNumber, attributes }: Fields): boolean {
  const times = [timeUnixNano, observedTimeUnixNano].every((time) => time === '0' || isTime(time));
  const severity = Number(severityNumber);
  return times && severity >= 1 && severity <= 24 && new Set(listOf(attributes).map(({ key }) => key)).size > 0;
}

/** Nanoseconds that 64 bits with a sign can hold. */
function isTime(time: unknown): boolean {
  return typeof time === 'string' && /^\d{19}$/.test(time) && BigInt(time) < 2n ** 63n;
}

function readRecord(record: Fields): OtlpRecord {
  const pairs = listOf(record.attributes).map(({ key, value }) => [String(key), Object.values(value as Fields)[0]]);
  return { ...(record as unknown as OtlpRecord), attributes: Object.fromEntries(pairs) };
}
