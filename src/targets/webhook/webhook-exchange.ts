import type { Dispatcher } from 'undici';
import type { Format } from '../../formats/format.ts';
import type { Clock } from '../../lib/clock.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import type { Mask } from '../../lib/mask.ts';
import { again } from '../delivery-result.ts';
import { networkFailure, resultOfFailure } from '../network-failure.ts';
import { printable } from '../printable.ts';
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

/** Gives a request up. A status that has come already still decides, because the receiver has made up its mind. */
export function abandon(exchange: Exchange, reason: string): void {
  if (exchange.over) return;
  if (exchange.status === null) finish(exchange, again(reason));
  else finishByStatus(exchange, exchange.status);
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
    onResponseEnd: () => finishByStatus(exchange, exchange.status ?? 0),
    onResponseError: (_controller, error) => {
      if (exchange.status !== null) finishByStatus(exchange, exchange.status);
      else finish(exchange, resultOfFailure(networkFailure(error)));
    },
  };
}

function keep(exchange: Exchange, controller: Dispatcher.DispatchController, chunk: Buffer): void {
  if (exchange.bodyBytes < KEPT_BYTES) exchange.body.push(chunk.subarray(0, KEPT_BYTES - exchange.bodyBytes));
  exchange.bodyBytes += chunk.length;
  if (exchange.bodyBytes <= DRAINED_BYTES) return;
  finishByStatus(exchange, exchange.status ?? 0);
  controller.abort(new Error('the answer is too long'));
}

function finishByStatus(exchange: Exchange, status: number): void {
  const { clock } = exchange.context;
  finish(exchange, resultOfAnswer({ status, retryAfter: exchange.retryAfter, body: textOf(exchange) }, clock.now()));
}

function textOf(exchange: Exchange): string {
  if (exchange.body.length === 0) return '';
  const text = new TextDecoder().decode(Buffer.concat(exchange.body), { stream: true });
  return printable(exchange.context.mask(text, true));
}

function finish(exchange: Exchange, result: DeliveryResult): void {
  if (exchange.over) return;
  exchange.over = true;
  exchange.done(result);
}
