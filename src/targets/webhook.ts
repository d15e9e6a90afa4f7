import type { Payload } from '../formats/format.ts';
import { batchTraits } from './batch/batch-settings.ts';
import { deliverSingly, type SendPart, sendInParts } from './batch/send-in-parts.ts';
import { openSender } from './oauth/open-sender.ts';
import type { DeliveryResult, Target, TargetDeps } from './target.ts';
import { requestUrl } from './webhook/request-url.ts';
import { DEFAULT_CONCURRENCY, type Material, type Sender } from './webhook/sender.ts';
import { resultOfAnswer } from './webhook/webhook-answer.ts';
import { type BatchForm, batchId, batchItem, batchPayload } from './webhook/webhook-batch.ts';
import type { SenderRequest } from './webhook/webhook-exchange.ts';
import { fixedHeaders } from './webhook/webhook-headers.ts';
import { type WebhookConfig, webhookSchema } from './webhook/webhook-schema.ts';
import { signingKey, webhookSignature } from './webhook/webhook-signature.ts';

export const name = 'webhook';
export const configSchema = webhookSchema;

/** What a dead letter keeps of an answer; nothing else is read from it. */
const ANSWER_BYTES = 1024;
/** What receivers take that nobody has told otherwise, such as nginx. */
const BATCH_BYTES = 1_000_000;
const COMMA = 1;

interface WebhookMaterial extends Material {
  readonly keys: readonly Buffer[];
}

/** Sends one payload, signed with the time of this attempt, under the id of its message or batch. */
type Post = (id: string, payload: Payload, signal: AbortSignal) => Promise<DeliveryResult>;

/**
 * One alert, or one batch, is one POST. Redirects are never followed and nothing is retried; what the answer means is decided by
 * webhook-answer.ts. Throws CONFIG_INVALID for settings that cannot work.
 */
export function create(config: WebhookConfig, deps: TargetDeps): Target {
  const material = (): WebhookMaterial => materialOf(config, deps);
  const sender = openSender({ settings: config, deps, material, answerBytes: ANSWER_BYTES });
  const post = postOf(sender, deps);
  const traits = {
    concurrency: config.concurrency ?? DEFAULT_CONCURRENCY,
    ratePerSecond: config.ratePerSecond ?? null,
  };
  const about = { name: deps.name, type: name, check: sender.check, close: sender.close };
  if (config.batch) return { ...about, ...batchesOf(config.batch, traits, deps, post) };
  const deliver: Target['deliver'] = ({ messageId, alert }, signal) =>
    post(messageId, deps.format(alert, { maxBytes: null }), signal);
  return { ...about, traits, deliver };
}

function batchesOf(
  batch: NonNullable<WebhookConfig['batch']>,
  traits: Target['traits'],
  deps: TargetDeps,
  post: Post,
): Pick<Target, 'traits' | 'deliver'> & Required<Pick<Target, 'deliverMany'>> {
  const form: BatchForm = batch.as ?? 'array';
  const deliverMany: Target['deliverMany'] = async (deliveries, signal) => {
    let contentType = '';
    const parcels = deliveries.map((delivery) => {
      const payload = deps.format(delivery.alert, { maxBytes: null });
      contentType = payload.contentType;
      return { delivery, text: batchItem(payload, form) };
    });
    const send: SendPart = (part) => {
      const texts = part.map(({ text }) => text);
      const id = batchId(part.map(({ delivery }) => delivery.messageId));
      return post(id, batchPayload(texts, contentType, form), signal);
    };
    return sendInParts(parcels, { maxBytes: BATCH_BYTES, extraBytes: COMMA }, send, signal);
  };
  const gathered = { ...traits, batch: batchTraits(batch, BATCH_BYTES, `targets.${deps.name}`) };
  return { traits: gathered, deliver: deliverSingly(deliverMany), deliverMany };
}

function materialOf(config: WebhookConfig, deps: TargetDeps): WebhookMaterial {
  const where = `targets.${deps.name}`;
  const { headers, secrets } = fixedHeaders(config, where, `huntwire/${deps.version}`);
  const signing = config.signing?.secrets ?? [];
  return {
    url: requestUrl(config.url.reveal(), where),
    headers,
    secrets,
    keys: signing.map((secret, at) => signingKey(secret, `${where}.signing.secrets.${at}`)),
  };
}

function postOf(sender: Sender<WebhookMaterial>, { clock }: TargetDeps): Post {
  return async (id, payload, signal) => {
    const outcome = await sender.ask(requestOf(sender.material(), id, payload, clock.now()), signal);
    if (outcome.kind === 'unanswered') return outcome.result;
    return resultOfAnswer(outcome.answer, { now: clock.now(), shown: sender.shown });
  };
}

function requestOf(
  { url, keys, headers: fixed }: WebhookMaterial,
  id: string,
  { body, contentType, headers: own }: Payload,
  now: number,
): SenderRequest {
  const headers: Record<string, string> = {
    'content-type': contentType,
    ...own,
    ...fixed,
    'webhook-id': id,
    'idempotency-key': id,
  };
  if (keys.length > 0) {
    const timestamp = Math.floor(now / 1000);
    headers['webhook-timestamp'] = String(timestamp);
    headers['webhook-signature'] = webhookSignature(keys, id, timestamp, body);
  }
  return { method: 'POST', path: `${url.pathname}${url.search}`, headers, body };
}
