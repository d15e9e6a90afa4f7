import type { Received } from '../http-receiver.ts';
import { startVendor, type VendorReply, type VendorStandIn } from './stand-in.ts';

type Row = Readonly<Record<string, unknown>>;

const PATH = '/dataCollectionRules/dcr-0123abcd/streams/Custom-Huntwire_CL?api-version=2023-01-01';
const MAX_BYTES = 1024 * 1024;
const MAX_FIELD_BYTES = 64 * 1024;

export interface LogsIngestionStandIn extends VendorStandIn {
  readonly rows: Row[];
}

/** A data collection rule: a token of its own, an array of rows with a time, at most 1 MB. `tokens`: those that were given. */
export async function startLogsIngestion(
  tokens: readonly string[],
  faults: VendorReply[] = [],
): Promise<LogsIngestionStandIn> {
  const rows: Row[] = [];
  const reply = (request: Received): VendorReply => {
    if (request.path !== PATH || request.method !== 'POST') return no(404, 'NotFound');
    if (request.headers.authorization !== `Bearer ${tokens.at(-1)}`) return no(401, 'InvalidToken');
    if (Buffer.byteLength(request.body) > MAX_BYTES) return no(413, 'ContentLengthLimitExceeded');
    const sent = rowsIn(request.body);
    if (!sent) return no(400, 'InvalidPayload');
    rows.push(...sent);
    return { status: 204 };
  };
  return { ...(await startVendor(reply, faults)), rows };
}

function rowsIn(body: string): readonly Row[] | null {
  const parsed: unknown = JSON.parse(body);
  if (!Array.isArray(parsed) || parsed.length === 0) return null;
  const rows = parsed as readonly Row[];
  return rows.every(isRow) ? rows : null;
}

function isRow(row: Row): boolean {
  const fields = Object.values(row).map((value) => JSON.stringify(value));
  return (
    !Number.isNaN(Date.parse(String(row.TimeGenerated))) &&
    fields.every((field) => Buffer.byteLength(field) <= MAX_FIELD_BYTES)
  );
}

function no(status: number, code: string): VendorReply {
  return { status, body: { error: { code, message: `because of ${code}` } } };
}
