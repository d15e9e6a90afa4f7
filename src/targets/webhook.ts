import type { Delivery, DeliveryResult, Target, TargetDeps } from './target.ts';
import { requestUrl } from './webhook/request-url.ts';
import { createSender, DEFAULT_CONCURRENCY, type Material } from './webhook/sender.ts';
import { resultOfAnswer } from './webhook/webhook-answer.ts';
import type { SenderRequest } from './webhook/webhook-exchange.ts';
import { fixedHeaders } from './webhook/webhook-headers.ts';
import { type WebhookConfig, webhookSchema } from './webhook/webhook-schema.ts';
import { signingKey, webhookSignature } from './webhook/webhook-signature.ts';

export const name = 'webhook';
export const configSchema = webhookSchema;

/** What a dead letter keeps of an answer; nothing else is read from it. */
const ANSWER_BYTES = 1024;

interface WebhookMaterial extends Material {
  readonly keys: readonly Buffer[];
}

/**
 * One alert, one POST. Redirects are never followed and nothing is retried; what the answer means is decided by
 * webhook-answer.ts. Throws CONFIG_INVALID for settings that cannot work.
 */
export function create(config: WebhookConfig, deps: TargetDeps): Target {
  const material = (): WebhookMaterial => materialOf(config, deps);
  const sender = createSender({ settings: config, deps, material, answerBytes: ANSWER_BYTES });
  const deliver = async (delivery: Delivery, signal: AbortSignal): Promise<DeliveryResult> => {
    const outcome = await sender.ask(requestOf(sender.material(), delivery, deps), signal);
    if (outcome.kind === 'unanswered') return outcome.result;
    return resultOfAnswer(outcome.answer, { now: deps.clock.now(), shown: sender.shown });
  };
  const traits = {
    concurrency: config.concurrency ?? DEFAULT_CONCURRENCY,
    ratePerSecond: config.ratePerSecond ?? null,
  };
  return { name: deps.name, type: name, traits, deliver, check: sender.check, close: sender.close };
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

/** The request of one delivery, signed with the time of this attempt. */
function requestOf(
  { url, keys, headers: fixed }: WebhookMaterial,
  delivery: Delivery,
  deps: TargetDeps,
): SenderRequest {
  const payload = deps.format(delivery.alert, { maxBytes: null });
  const headers: Record<string, string> = {
    'content-type': payload.contentType,
    ...fixed,
    'webhook-id': delivery.messageId,
    'idempotency-key': delivery.messageId,
  };
  if (keys.length > 0) {
    const timestamp = Math.floor(deps.clock.now() / 1000);
    headers['webhook-timestamp'] = String(timestamp);
    headers['webhook-signature'] = webhookSignature(keys, delivery.messageId, timestamp, payload.body);
  }
  return { method: 'POST', path: `${url.pathname}${url.search}`, headers, body: payload.body };
}
