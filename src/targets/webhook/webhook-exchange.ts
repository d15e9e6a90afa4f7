import type { Dispatcher } from 'undici';
import type { Clock } from '../../lib/clock.ts';
import { SECOND_MS } from '../../lib/duration.ts';
import { again } from '../delivery-result.ts';
import { networkFailure, resultOfFailure } from '../network-failure.ts';
import type { DeliveryResult } from '../target.ts';

/** One request, with all of its headers. */
export interface SenderRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
}

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  /** The `Retry-After` header as it came, or null. */
  readonly retryAfter: string | null;
  /** The body as far as it is kept; it may repeat secrets. */
  readonly text: string;
  /** Whether `text` is all of it. */
  readonly isWhole: boolean;
}

export type SenderOutcome =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'unanswered'; readonly result: DeliveryResult };

/** What an exchange needs to know to end. */
export interface ExchangeLimits {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly answerBytes: number;
  readonly signal: AbortSignal;
}

/** One request on its way. */
export interface Exchange extends ExchangeLimits {
  /** On the clock's monotonic scale; sooner once a status has come. */
  deadline: number;
  readonly done: (outcome: SenderOutcome) => void;
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
/** How much of an answer is read at least so that the connection can be used again. */
const DRAINED_BYTES = 65_536;
const NO_STATUS: SenderOutcome = { kind: 'unanswered', result: again('the webhook answered without a status') };

/** An exchange that is not yet sent; `done` is called once, with what came of it. */
export function createExchange(limits: ExchangeLimits, done: (outcome: SenderOutcome) => void): Exchange {
  const { clock, timeoutMs, answerBytes, signal } = limits;
  return {
    clock,
    timeoutMs,
    answerBytes,
    signal,
    deadline: clock.monotonic() + timeoutMs,
    done,
    controller: null,
    status: null,
    retryAfter: null,
    body: [],
    bodyBytes: 0,
    over: false,
  };
}

export function send(exchange: Exchange, dispatcher: Dispatcher, request: Dispatcher.DispatchOptions): void {
  dispatcher.dispatch(request, handlerOf(exchange));
}

/** Gives a request up. */
export function abandon(exchange: Exchange, reason: string): void {
  conclude(exchange, { kind: 'unanswered', result: again(reason) }, false);
  exchange.controller?.abort(new Error(reason));
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
      exchange.deadline = Math.min(exchange.deadline, exchange.clock.monotonic() + REST_MS);
      const retryAfter = headers['retry-after'];
      exchange.retryAfter = (Array.isArray(retryAfter) ? retryAfter[0] : retryAfter) ?? null;
    },
    onResponseData: (controller, chunk) => keep(exchange, controller, chunk),
    onResponseEnd: () => conclude(exchange, NO_STATUS, exchange.bodyBytes <= exchange.answerBytes),
    onResponseError: (_controller, error) => {
      const result = resultOfFailure(networkFailure(error));
      conclude(exchange, { kind: 'unanswered', result }, false);
    },
  };
}

function keep(exchange: Exchange, controller: Dispatcher.DispatchController, chunk: Buffer): void {
  const { answerBytes, bodyBytes } = exchange;
  if (bodyBytes < answerBytes) exchange.body.push(chunk.subarray(0, answerBytes - bodyBytes));
  exchange.bodyBytes += chunk.length;
  if (exchange.bodyBytes <= Math.max(DRAINED_BYTES, answerBytes)) return;
  conclude(exchange, NO_STATUS, false);
  controller.abort(new Error('the answer is too long'));
}

/** Ends an exchange once. A status that has come decides, because the receiver has made up its mind; else `otherwise` holds. */
function conclude(exchange: Exchange, otherwise: SenderOutcome, isWhole: boolean): void {
  if (exchange.over) return;
  exchange.over = true;
  const { status, retryAfter } = exchange;
  if (status === null) exchange.done(otherwise);
  else exchange.done({ kind: 'answered', answer: { status, retryAfter, text: textOf(exchange), isWhole } });
}

function textOf({ body }: Exchange): string {
  return body.length === 0 ? '' : new TextDecoder().decode(Buffer.concat(body), { stream: true });
}
