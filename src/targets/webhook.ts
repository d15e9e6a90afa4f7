import { gzipSync } from 'node:zlib';
import { HuntwireError } from '../lib/errors.ts';
import { batchTraits } from './batch/batch-settings.ts';
import { deliverSingly, type Parcel, type SendPart, sendInParts } from './batch/send-in-parts.ts';
import { openSender } from './oauth/open-sender.ts';
import type { DeliveryResult, Target, TargetDeps } from './target.ts';
import { createSuccess, type ReadSuccess } from './webhook/answer-success.ts';
import { requestUrl } from './webhook/request-url.ts';
import { DEFAULT_CONCURRENCY, type Material, type Sender } from './webhook/sender.ts';
import { traceParent } from './webhook/trace-parent.ts';
import { resultOfAnswer } from './webhook/webhook-answer.ts';
import { type BatchForm, batchId, batchItem, batchPayload } from './webhook/webhook-batch.ts';
import type { SenderRequest } from './webhook/webhook-exchange.ts';
import { fixedHeaders, secretsInTemplate } from './webhook/webhook-headers.ts';
import { createRendering, type RenderAlert, type RenderedAlert } from './webhook/webhook-rendering.ts';
import { type WebhookConfig, webhookSchema } from './webhook/webhook-schema.ts';
import { hubSignature, signingKey, webhookSignature } from './webhook/webhook-signature.ts';

export const name = 'webhook';
export const configSchema = webhookSchema;

/** What a dead letter keeps of an answer; nothing else is read from it. */
const ANSWER_BYTES = 1024;
/** Where what it says decides. */
const READ_BYTES = 65_536;
/** What receivers take that nobody has told otherwise, such as nginx. */
const BATCH_BYTES = 1_000_000;
const COMMA = 1;
const JSON_TYPE = 'application/json';

interface WebhookMaterial extends Material {
  readonly keys: readonly Buffer[];
  /** Where alerts go that no template sends elsewhere. */
  readonly path: string;
}

/** Sends one payload, signed with the time of this attempt, under the id of its message or batch. */
type Post = (id: string, rendered: RenderedAlert, signal: AbortSignal) => Promise<DeliveryResult>;

const NO_HEADERS: Readonly<Record<string, string>> = {};

/**
 * One alert, or one batch, is one POST. Redirects are never followed and nothing is retried; what the answer means is decided by
 * webhook-answer.ts, and where the settings say so by answer-success.ts. Throws CONFIG_INVALID for settings that cannot work.
 */
export function create(config: WebhookConfig, deps: TargetDeps): Target {
  const material = (): WebhookMaterial => materialOf(config, deps);
  const answerBytes = config.success?.body === undefined ? ANSWER_BYTES : READ_BYTES;
  const sender = openSender({ settings: config, deps, material, answerBytes });
  const post = postOf(sender, config, deps);
  const render = createRendering(config.template, deps);
  const traits = {
    concurrency: config.concurrency ?? DEFAULT_CONCURRENCY,
    ratePerSecond: config.ratePerSecond ?? null,
  };
  const about = { name: deps.name, type: name, check: sender.check, close: sender.close };
  const carry = carryBy(config, post);
  if (config.batch) return { ...about, carry, ...batchesOf(config, { traits, render, post }, deps) };
  const deliver: Target['deliver'] = (delivery, signal) => {
    const { messageId } = delivery;
    const rendered = render(delivery);
    if (rendered instanceof Promise) return rendered.then((ready) => post(messageId, ready, signal));
    return post(messageId, rendered, signal);
  };
  return { ...about, carry, traits, deliver };
}

/** What is no alert has no template, and goes in one body as batches do. */
export function journalRefusal({ template }: Readonly<Record<string, unknown>>): string | null {
  return template === undefined ? null : 'its template is made for alerts';
}

function carryBy({ batch }: WebhookConfig, post: Post): NonNullable<Target['carry']> {
  const form: BatchForm = batch?.as ?? 'array';
  return (messages, signal) => {
    const written = messages.map((message) => ({ id: message.id, text: message.text(BATCH_BYTES) }));
    const send: SendPart<(typeof written)[number]> = (part) => {
      const payload = batchPayload(
        part.map(({ text }) => text),
        JSON_TYPE,
        form,
      );
      return post(batchId(part.map(({ id }) => id)), { payload, headers: NO_HEADERS, path: null }, signal);
    };
    return sendInParts(written, { maxBytes: BATCH_BYTES, extraBytes: COMMA }, send, signal);
  };
}

interface BatchParts {
  readonly traits: Target['traits'];
  readonly render: RenderAlert;
  readonly post: Post;
}

function batchesOf(
  { batch = {}, template }: WebhookConfig,
  { traits, render, post }: BatchParts,
  { name: target }: TargetDeps,
): Pick<Target, 'traits' | 'deliver'> & Required<Pick<Target, 'deliverMany'>> {
  const where = `targets.${target}`;
  if (template?.path !== undefined || template?.headers !== undefined)
    throw new HuntwireError('CONFIG_INVALID', `${where}.template: a batch is one request; it can only have a body.`);
  const form: BatchForm = batch.as ?? 'array';
  const deliverMany: Target['deliverMany'] = async (deliveries, signal) => {
    let contentType = '';
    const parcels: Parcel[] = [];
    for (const delivery of deliveries) {
      const { payload } = await render(delivery);
      contentType = payload.contentType;
      parcels.push({ delivery, text: batchItem(payload, form) });
    }
    const send: SendPart = (part) => {
      const texts = part.map(({ text }) => text);
      const id = batchId(part.map(({ delivery }) => delivery.messageId));
      return post(id, { payload: batchPayload(texts, contentType, form), headers: NO_HEADERS, path: null }, signal);
    };
    return sendInParts(parcels, { maxBytes: BATCH_BYTES, extraBytes: COMMA }, send, signal);
  };
  const gathered = { ...traits, batch: batchTraits(batch, BATCH_BYTES, where) };
  return { traits: gathered, deliver: deliverSingly(deliverMany), deliverMany };
}

function materialOf(config: WebhookConfig, deps: TargetDeps): WebhookMaterial {
  const where = `targets.${deps.name}`;
  const { headers, secrets } = fixedHeaders(config, where, `huntwire/${deps.version}`);
  const signing = config.signing?.secrets ?? [];
  const url = requestUrl(config.url.reveal(), where);
  return {
    url,
    path: `${url.pathname}${url.search}`,
    headers,
    secrets: [...secrets, ...secretsInTemplate(config.template?.headers)],
    keys: signing.map((secret, at) => signingKey(secret, `${where}.signing.secrets.${at}`)),
  };
}

function postOf(sender: Sender<WebhookMaterial>, config: WebhookConfig, { clock, name: target }: TargetDeps): Post {
  const success: ReadSuccess | null = config.success
    ? createSuccess(config.success, `targets.${target}.success`)
    : null;
  return async (id, rendered, signal) => {
    const outcome = await sender.ask(requestOf(sender.material(), { id, rendered, config, now: clock.now() }), signal);
    if (outcome.kind === 'unanswered') return outcome.result;
    const result = resultOfAnswer(outcome.answer, { now: clock.now(), shown: sender.shown });
    return success ? success(outcome.answer, result) : result;
  };
}

interface PostParts {
  readonly id: string;
  readonly rendered: RenderedAlert;
  readonly config: WebhookConfig;
  readonly now: number;
}

function requestOf({ url, path, keys, headers: fixed }: WebhookMaterial, parts: PostParts): SenderRequest {
  const { id, rendered, config, now } = parts;
  const { payload } = rendered;
  const body = bytesOf(payload.body, config.compress);
  const headers: Record<string, string> = {
    'content-type': payload.contentType,
    ...payload.headers,
    ...fixed,
    ...rendered.headers,
    'webhook-id': id,
    'idempotency-key': id,
  };
  if (config.compress === 'gzip') headers['content-encoding'] = 'gzip';
  if (config.traceparent) headers.traceparent = traceParent(id, now);
  sign(headers, body, { keys, id, now, style: config.signing?.style ?? 'standard' });
  return { method: 'POST', path: rendered.path === null ? path : pathOf(url, rendered.path), headers, body };
}

/** Bytes once, for the signature and for the wire. */
function bytesOf(body: string | Buffer, compress: WebhookConfig['compress']): Buffer {
  if (compress === 'gzip') return gzipSync(body);
  return typeof body === 'string' ? Buffer.from(body) : body;
}

interface Signing {
  readonly keys: readonly Buffer[];
  readonly id: string;
  readonly now: number;
  readonly style: 'standard' | 'github';
}

function sign(headers: Record<string, string>, body: Buffer, { keys, id, now, style }: Signing): void {
  if (keys.length === 0) return;
  if (style === 'github') {
    headers['x-hub-signature-256'] = hubSignature(keys, body);
    return;
  }
  const timestamp = Math.floor(now / 1000);
  headers['webhook-timestamp'] = String(timestamp);
  headers['webhook-signature'] = webhookSignature(keys, id, timestamp, body);
}

/** The path of the template behind that of the address, whose query stays. */
function pathOf({ pathname, search }: URL, behind: string): string {
  const path = `${pathname.replace(/\/+$/, '')}${behind}`;
  return behind.includes('?') ? `${path}${search.replace('?', '&')}` : `${path}${search}`;
}
