import type { Dispatcher } from 'undici';
import type { Format } from '../formats/format.ts';
import type { Clock } from '../lib/clock.ts';
import { maskSecrets, printable } from './mask.ts';
import { networkFailure, resultOfFailure } from './network-failure.ts';
import type { Delivery, DeliveryResult } from './target.ts';
import { resultOfAnswer } from './webhook-answer.ts';
import { webhookSignature } from './webhook-signature.ts';

/** What all requests of one webhook share. */
export interface WebhookContext {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that an answer may repeat and that must not be shown. */
  readonly secrets: readonly string[];
  readonly keys: readonly Buffer[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly format: Format;
  readonly dispatcher: Dispatcher;
}

/** One request on its way. */
export interface Attempt {
  readonly context: WebhookContext;
  readonly signal: AbortSignal;
  /** On the clock's monotonic scale. */
  readonly deadline: number;
  readonly done: (result: DeliveryResult) => void;
  controller: Dispatcher.DispatchController | null;
  status: number | null;
  retryAfter: string | null;
  body: Buffer[];
  bodyBytes: number;
  over: boolean;
}

/** How much of an answer is kept, and how much is read so that the connection can be used again. */
const KEPT_BYTES = 1024;
const DRAINED_BYTES = 65_536;

/** An attempt that is not yet sent; `done` is called once, with what came of it. */
export function createAttempt(
  context: WebhookContext,
  signal: AbortSignal,
  done: (result: DeliveryResult) => void,
): Attempt {
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

export function send(attempt: Attempt, request: Dispatcher.DispatchOptions): void {
  attempt.context.dispatcher.dispatch(request, handlerOf(attempt));
}

/** Gives a request up. A status that has come already still decides, because the receiver has made up its mind. */
export function abandon(attempt: Attempt, reason: string): void {
  if (attempt.over) return;
  if (attempt.status === null) finish(attempt, { kind: 'again', reason, status: null, retryAfterMs: null });
  else finishByStatus(attempt, attempt.status);
  attempt.controller?.abort(new Error(reason));
}

/** The request of one delivery, signed with the time of this attempt. */
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

function handlerOf(attempt: Attempt): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller) => {
      attempt.controller = controller;
      if (attempt.over) controller.abort(new Error('the request was given up'));
    },
    onResponseStart: (_controller, status, headers) => {
      if (status < 200) return;
      attempt.status = status;
      const retryAfter = headers['retry-after'];
      attempt.retryAfter = (Array.isArray(retryAfter) ? retryAfter[0] : retryAfter) ?? null;
    },
    onResponseData: (controller, chunk) => keep(attempt, controller, chunk),
    onResponseEnd: () => finishByStatus(attempt, attempt.status ?? 0),
    onResponseError: (_controller, error) => {
      if (attempt.status !== null) finishByStatus(attempt, attempt.status);
      else finish(attempt, resultOfFailure(networkFailure(error)));
    },
  };
}

function keep(attempt: Attempt, controller: Dispatcher.DispatchController, chunk: Buffer): void {
  if (attempt.bodyBytes < KEPT_BYTES) attempt.body.push(chunk.subarray(0, KEPT_BYTES - attempt.bodyBytes));
  attempt.bodyBytes += chunk.length;
  if (attempt.bodyBytes <= DRAINED_BYTES) return;
  finishByStatus(attempt, attempt.status ?? 0);
  controller.abort(new Error('the answer is too long'));
}

function finishByStatus(attempt: Attempt, status: number): void {
  const { clock } = attempt.context;
  finish(attempt, resultOfAnswer({ status, retryAfter: attempt.retryAfter, body: textOf(attempt) }, clock.now()));
}

function textOf(attempt: Attempt): string {
  if (attempt.body.length === 0) return '';
  const text = new TextDecoder().decode(Buffer.concat(attempt.body), { stream: true });
  return printable(maskSecrets(text, attempt.context.secrets));
}

function finish(attempt: Attempt, result: DeliveryResult): void {
  if (attempt.over) return;
  attempt.over = true;
  attempt.done(result);
}
