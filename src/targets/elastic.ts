import type { JsonObject } from '../formats/presets/preset.ts';
import type { Secret } from '../lib/secret.ts';
import type { PartOutcome, Written } from './batch/send-in-parts.ts';
import { again, blocked, DELIVERED, refused } from './delivery-result.ts';
import type { DeliveryResult, JournalMessage, Target, TargetDeps } from './target.ts';
import { jsonOf, objectOf, textIn } from './tickets/answer-json.ts';
import { secretSchema, vendorSchema } from './vendor-schema.ts';
import { createVendorTarget, type Talk, type VendorSettings } from './vendor-target.ts';
import { keyedMaterial } from './webhook/keyed-material.ts';
import type { Material } from './webhook/sender.ts';
import { type StatusVerdicts, verdictOf } from './webhook/webhook-answer.ts';

export interface ElasticConfig extends VendorSettings {
  readonly type: 'elastic';
  readonly url: Secret;
  readonly apiKey: Secret;
  readonly index?: string;
}

const DEFAULT_INDEX = 'logs-huntwire.alerts-default';
/** Only what is read of an answer: it names every document. */
const PATH = '/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason';
const REQUEST_BYTES = 5_000_000;
const ANSWER_BYTES = 4 * 1024 * 1024;
/** A document with this id is there already: it came with a request whose answer was lost. */
const ITEM_VERDICTS: StatusVerdicts = new Map([[409, 'delivered']]);
/** A 400 that is about the index, whatever the document is. */
const INDEX_ERRORS: ReadonlySet<string> = new Set(['index_closed_exception', 'invalid_index_name_exception']);
/** The same, where the type says no more than that something is wrong. */
const INDEX_REASONS = /no write index is defined|pipeline with id .* does not exist/i;

export const name = 'elastic';
export const configSchema = vendorSchema({
  type: name,
  description: 'Adds alerts to an index or data stream of Elasticsearch with its bulk API, several in one request.',
  required: ['apiKey'],
  url: null,
  severity: { type: 'integer', minimum: 0 },
  batch: true,
  properties: {
    apiKey: secretSchema('An API key, encoded as Kibana shows it, or as id:key.'),
    index: {
      type: 'string',
      pattern: '^[^A-Z\\s\\\\/*?"<>|,#:]+$',
      'x-hint': 'write a name in lower case',
      default: DEFAULT_INDEX,
      description: 'Index or data stream that documents are added to.',
    },
  },
});

/** Each message of an alert is a document of its own, under its message id; documents are only ever created, never changed. */
export function create(config: ElasticConfig, deps: TargetDeps): Target {
  const { url, apiKey: key, index = DEFAULT_INDEX } = config;
  const material = () => keyedMaterial({ url, key, setting: 'apiKey' }, deps, keyHeader);
  return createVendorTarget({
    title: 'Elasticsearch',
    config,
    deps,
    material,
    answerBytes: ANSWER_BYTES,
    complaint: (answer) => complaintOf(objectOf(objectOf(jsonOf(answer)).error)),
    limits: { maxBytes: REQUEST_BYTES, extraBytes: 0 },
    write: ({ body }, { messageId, alert }) => {
      const action = JSON.stringify({ create: { _index: index, _id: messageId } });
      return `${action}\n${JSON.stringify(body('document', alert))}\n`;
    },
    sendPart,
    journal: { write: (message) => journalDocument(message, config.index ?? JOURNAL_INDEX), sendPart },
  });
}

const JOURNAL_INDEX = 'logs-huntwire.events-default';
/** Far below what a request holds. */
const DOCUMENT_BYTES = 256 * 1024;

export const journalRefusal = (): null => null;

/** As it is, below `huntwire`: fields of ECS would be guessed. */
function journalDocument(message: JournalMessage, index: string): string {
  const action = JSON.stringify({ create: { _index: index, _id: message.id } });
  const event = '{"kind":"event","module":"huntwire","dataset":"huntwire.events"}';
  return `${action}\n{"@timestamp":"${message.at}","event":${event},"huntwire":${message.text(DOCUMENT_BYTES)}}\n`;
}

/** A key is sent as base64, whichever way it was written. */
function keyHeader(given: string) {
  const key = given.includes(':') ? Buffer.from(given, 'utf8').toString('base64') : given;
  return { value: `ApiKey ${key}`, secrets: [given, key, given.split(':')[1] ?? ''] };
}

async function sendPart<Made extends Material>(
  talk: Talk<Made>,
  parcels: readonly Written[],
  signal: AbortSignal,
): Promise<PartOutcome> {
  const body = parcels.map(({ text }) => text).join('');
  const headers = { 'content-type': 'application/x-ndjson' };
  const { result, answer } = await talk.send({ path: PATH, headers, body }, signal);
  if (!answer || result.kind !== 'delivered') return result;
  const { items } = objectOf(jsonOf(answer));
  if (!Array.isArray(items) || items.length !== parcels.length)
    return again('Elasticsearch did not say what became of each document');
  return items.map((item) => resultOfItem(item, talk));
}

/** A status of 200 says nothing of the documents: each has one of its own. */
function resultOfItem<Made extends Material>(item: unknown, { shown }: Talk<Made>): DeliveryResult {
  const created = objectOf(objectOf(item).create);
  const status = typeof created.status === 'number' ? created.status : 0;
  const error = objectOf(created.error);
  const verdict = complaintOf(error) === null ? verdictOf(status, ITEM_VERDICTS) : 'blocked';
  if (verdict === 'delivered') return DELIVERED;
  const reason = `Elasticsearch answered ${status} for the document: ${shown(textIn(error.type) ?? 'no reason')}`;
  if (verdict === 'refused') return refused(reason, status, shown(textIn(error.reason) ?? ''));
  const told = { status, retryAfterMs: null };
  return verdict === 'blocked' ? blocked(reason, told) : again(reason, told);
}

function complaintOf({ type, reason }: JsonObject): string | null {
  const isMeant = INDEX_ERRORS.has(String(type)) || INDEX_REASONS.test(String(reason));
  return isMeant ? `cannot write to the index: ${String(reason)}` : null;
}
