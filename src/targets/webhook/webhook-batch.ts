import { createHash } from 'node:crypto';
import type { Payload, SentPayload } from '../../formats/format.ts';
import { singleLine } from '../single-line.ts';

export type BatchForm = 'array' | 'ndjson';

/** One payload in the form of a batch. A payload that is no JSON is a text of the array, or a line as it is. */
export function batchItem({ body, contentType }: SentPayload, form: BatchForm): string {
  const text = body.toString();
  if (form === 'ndjson') return singleLine({ body: text, contentType });
  return isJson(contentType) ? text : JSON.stringify(text);
}

/** The body of several payloads of one format. */
export function batchPayload(items: readonly string[], contentType: string, form: BatchForm): Payload {
  if (form === 'array') return { body: `[${items.join(',')}]`, contentType: arrayType(contentType) };
  const type = isJson(contentType) ? 'application/x-ndjson' : contentType;
  return { body: items.map((item) => `${item}\n`).join(''), contentType: type };
}

/** The same for the same messages in the same order: a batch that is sent again is known by it. */
export function batchId(messageIds: readonly string[]): string {
  return `batch-${createHash('sha256').update(messageIds.join('\n')).digest('hex').slice(0, 32)}`;
}

function isJson(contentType: string): boolean {
  return /\bjson\b/i.test(contentType);
}

/** An array of CloudEvents has a type of its own (JSON batch format of the specification). */
function arrayType(contentType: string): string {
  if (!contentType.startsWith('application/cloudevents+json')) return 'application/json';
  return contentType.replace('application/cloudevents+json', 'application/cloudevents-batch+json');
}
