import type { Secret } from '../lib/secret.ts';
import type { PartOutcome, Written } from './batch/send-in-parts.ts';
import { again, DELIVERED, refused } from './delivery-result.ts';
import type { JournalMessage, Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf, textIn } from './tickets/answer-json.ts';
import { numberSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type Talk, type VendorSettings } from './vendor-target.ts';
import { requestUrl } from './webhook/request-url.ts';
import type { Material } from './webhook/sender.ts';
import type { HttpAnswer } from './webhook/webhook-exchange.ts';
import { fixedHeaders } from './webhook/webhook-headers.ts';

export interface OtlpConfig extends VendorSettings {
  readonly type: 'otlp';
  readonly url: Secret;
  readonly headers?: Readonly<Record<string, Secret>>;
}

const PATH = '/v1/logs';
const REQUEST_BYTES = 2_000_000;
const COMMA = 1;
const TOLD = { status: 200, retryAfterMs: null };

export const name = 'otlp';
export const configSchema = vendorSchema({
  type: name,
  description:
    'Sends alerts as log records to an OpenTelemetry collector (OTLP over HTTP, JSON), several in one request.',
  required: [],
  url: null,
  severity: numberSchema(Array.from({ length: 24 }, (_, at) => at + 1)),
  batch: true,
  properties: {
    headers: {
      type: 'object',
      additionalProperties: { type: 'string', format: 'password' },
      description: 'Further request headers, such as the key of a backend; every value is handled as a secret.',
    },
  },
});

/** `url` may be the base address or that of the logs themselves. */
export function create(config: OtlpConfig, deps: TargetDeps): Target {
  const where = `targets.${deps.name}`;
  const material = () => {
    const url = requestUrl(config.url.reveal(), where);
    url.pathname = url.pathname.replace(/\/v1\/logs\/?$/, '/');
    return { url, ...fixedHeaders(config, where, `huntwire/${deps.version}`) };
  };
  return createVendorTarget({
    title: 'The collector',
    config,
    deps,
    material,
    limits: { maxBytes: REQUEST_BYTES, extraBytes: COMMA },
    write: ({ body }, { alert }) => JSON.stringify(body('record', alert)),
    sendPart: (talk, parcels, signal) => sendRecords(talk, parcels, deps.version, signal),
    journal: {
      write: journalRecord,
      sendPart: (talk, parts, signal) => sendRecords(talk, parts, deps.version, signal),
    },
  });
}

/** One record stays far below what collectors take. */
const RECORD_BYTES = 64 * 1024;
/** INFO of the data model. */
const JOURNAL_SEVERITY = 9;

export const journalRefusal = (): null => null;

function journalRecord(message: JournalMessage): string {
  const time = `${Date.parse(message.at)}000000`;
  const about = { severityNumber: JOURNAL_SEVERITY, severityText: 'INFO', eventName: 'huntwire.event' };
  const body = { stringValue: message.text(RECORD_BYTES) };
  const attributes = [{ key: 'huntwire.event.id', value: { stringValue: message.id } }];
  return JSON.stringify({ timeUnixNano: time, observedTimeUnixNano: time, ...about, body, attributes });
}

async function sendRecords<Made extends Material>(
  { send, shown }: Talk<Made>,
  records: readonly Written[],
  version: string,
  signal: AbortSignal,
): Promise<PartOutcome> {
  const body = requestOf(records.map(({ text }) => text).join(','), version);
  const { result, answer } = await send({ path: PATH, body }, signal);
  return answer && result.kind === 'delivered' ? outcomeOf(answer, shown) : result;
}

function requestOf(records: string, version: string): string {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'huntwire' } }] };
  const scope = { name: 'huntwire', version };
  const logs = `{"scope":${JSON.stringify(scope)},"logRecords":[${records}]}`;
  return `{"resourceLogs":[{"resource":${JSON.stringify(resource)},"scopeLogs":[${logs}]}]}`;
}

/** A partial success says how many records were rejected, and not which: a batch is divided until that is known. */
function outcomeOf(answer: HttpAnswer, shown: (text: string) => string): PartOutcome {
  if (!answer.isWhole) return again('the answer is cut: what the collector rejected is not known', TOLD);
  const said = objectOf(jsonOf(answer));
  if (typeof said.code === 'number' && said.code > 0)
    return again(`the collector answered with code ${said.code}: ${shown(textIn(said.message) ?? 'no reason')}`, TOLD);
  // Readers of JSON for protocol buffers take either way to write a name, so writers may use either.
  const partial = objectOf(said.partialSuccess ?? said.partial_success);
  if (!(Number(partial.rejectedLogRecords ?? partial.rejected_log_records) > 0)) return DELIVERED;
  const message = shown(textIn(partial.errorMessage ?? partial.error_message) ?? 'no reason');
  return refused(`the collector rejected the record: ${message}`, answer.status, shown(answer.text));
}
