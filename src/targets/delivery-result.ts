import type { DeliveryResult } from './target.ts';

/** What came with an answer; a socket or a file answers nothing. */
interface Told {
  readonly status: number | null;
  readonly retryAfterMs: number | null;
}

const NOTHING_TOLD: Told = { status: null, retryAfterMs: null };

export const DELIVERED: DeliveryResult = { kind: 'delivered' };

/** For a delivery that comes after `close`. */
export const TARGET_CLOSED: DeliveryResult = again('the target was closed');

/** For a delivery whose signal was aborted. */
export const DELIVERY_STOPPED: DeliveryResult = again('the delivery was stopped');

export function again(reason: string, { status, retryAfterMs }: Told = NOTHING_TOLD): DeliveryResult {
  return { kind: 'again', reason, status, retryAfterMs };
}

export function blocked(reason: string, { status, retryAfterMs }: Told = NOTHING_TOLD): DeliveryResult {
  return { kind: 'blocked', reason, status, retryAfterMs };
}

/** `answer` is the first 1 kB of the reply. */
export function refused(reason: string, status: number | null = null, answer = ''): DeliveryResult {
  return { kind: 'refused', reason, status, answer };
}
