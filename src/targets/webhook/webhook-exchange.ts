import type { Dispatcher } from 'undici';
import type { Format } from '../../formats/format.ts';
import type { Clock } from '../../lib/clock.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import type { Mask } from '../../lib/mask.ts';
import { visible } from '../../lib/visible.ts';
import { again } from '../delivery-result.ts';
import { networkFailure, resultOfFailure } from '../network-failure.ts';
import type { Delivery, DeliveryResult } from '../target.ts';
import { resultOfAnswer } from './webhook-answer.ts';
import { webhookSignature } from './webhook-signature.ts';

/** What all requests of one webhook share. */
export interface WebhookContext {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Hides what an answer may repeat and that must not be shown. */
  readonly mask: Mask;
  readonly keys: readonly Buffer[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly format: Format;
  readonly dispatcher: Dispatcher;
}

/** One request on its way. */
export interface Exchange {
  readonly context: WebhookContext;
  readonly signal: AbortSignal;
  /** On the clock's monotonic scale; sooner once a status has come. */
  deadline: number;
  readonly done: (result: DeliveryResult) => void;
  /** Null until the request goes out. */
  controller: Dispatcher.DispatchController | null;
  status: number | null;
  retryAfter: string | null;
  body: Buffer[];
  bodyBytes: number;
  over: boolean;
}

/** How long the rest of an answer may take once its status has come: what the status says is known, the connection is wanted. */
const REST_MS = 5 * SECOND_MS;
/** How much of an answer is kept, and how much is read so that the connection can be used again. */
const KEPT_BYTES = 1024;
const DRAINED_BYTES = 65_536;
const NO_STATUS = again('the webhook answered without a status');

/** An exchange that is not yet sent; `done` is called once, with what came of it. */
export function createExchange(
  context: WebhookContext,
  signal: AbortSignal,
  done: (result: DeliveryResult) => void,
): Exchange {
  return {
    context,
    signal,
    deadline: context.clock.monotonic() + context.timeoutMs,
    done,
    controller: null,
    status: null,
    retryAfter: null,
    body: [],
    bodyBytes: 0,
    over: false,
  };
}

export function send(exchange: Exchange, request: Dispatcher.DispatchOptions): void {
  exchange.context.dispatcher.dispatch(request, handlerOf(exchange));
}

/** Gives a request up. */
export function abandon(exchange: Exchange, reason: string): void {
  conclude(exchange, again(reason));
  exchange.controller?.abort(new Error(reason));
}

/** The request of one delivery, signed with the time of this exchange. */
export function requestOf(context: WebhookContext, delivery: Delivery): Dispatcher.DispatchOptions {
  const payload = context.format(delivery.alert, { maxBytes: null });
  const headers: Record<string, string> = {
    'content-type': payload.contentType,
    ...context.headers,
    'webhook-id': delivery.messageId,
    'idempotency-key': delivery.messageId,
  };
  if (context.keys.length > 0) {
    const timestamp = Math.floor(context.clock.now() / 1000);
    headers['webhook-timestamp'] = String(timestamp);
    headers['webhook-signature'] = webhookSignature(context.keys, delivery.messageId, timestamp, payload.body);
  }
  return { origin: context.origin, path: context.path, method: 'POST', headers, body: payload.body };
}

function handlerOf(exchange: Exchange): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller) => {
      exchange.controller = controller;
      if (exchange.over) controller.abort(new Error('the request was given up'));
    },
    onResponseStart: (_controller, status, headers) => {
      if (status < 200) return;
      exchange.status = status;
      exchange.deadline = Math.min(exchange.deadline, exchange.context.clock.monotonic() + REST_MS);
      const retryAfter = headers['retry-after'];
      exchange.retryAfter = (Array.isArray(retryAfter) ? retryAfter[0] : retryAfter) ?? null;
    },
    onResponseData: (controller, chunk) => keep(exchange, controller, chunk),
    onResponseEnd: () => conclude(exchange, NO_STATUS),
    onResponseError: (_controller, error) => conclude(exchange, resultOfFailure(networkFailure(error))),
  };
}

function keep(exchange: Exchange, controller: Dispatcher.DispatchController, chunk: Buffer): void {
  if (exchange.bodyBytes < KEPT_BYTES) exchange.body.push(chunk.subarray(0, KEPT_BYTES - exchange.bodyBytes));
  exchange.bodyBytes += chunk.length;
  if (exchange.bodyBytes <= DRAINED_BYTES) return;
  conclude(exchange, NO_STATUS);
  controller.abort(new Error('the answer is too long'));
}

/** Ends an exchange once. A status that has come decides, because the receiver has made up its mind; else `otherwise` holds. */
function conclude(exchange: Exchange, otherwise: DeliveryResult): void {
  if (exchange.over) return;
  exchange.over = true;
  const { status, retryAfter, context } = exchange;
  const answered = (told: number): DeliveryResult =>
    resultOfAnswer({ status: told, retryAfter, body: textOf(exchange) }, context.clock.now());
  exchange.done(status === null ? otherwise : answered(status));
}

function textOf(exchange: Exchange): string {
  const text = new TextDecoder().decode(Buffer.concat(exchange.body), { stream: true });
  return visible(exchange.context.mask(text, true));
}
