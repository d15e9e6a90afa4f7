import { HOUR_MS } from '../lib/duration.ts';
import type { OutboxEntry } from '../state/outbox-store.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { backoffMs } from './backoff.ts';

/** After this time an entry is dead whatever the reason. It is given at least one attempt first. */
export const LONGEST_WAIT_MS = 72 * HOUR_MS;
const ANSWER_CHARACTERS = 1024;
const TOO_MANY_REQUESTS = 429;

/** What becomes of an outbox entry after a delivery. */
export type FollowUp =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly nextAttemptAt: number; readonly reason: string }
  | { readonly kind: 'bury'; readonly reason: string; readonly status: number | null; readonly answer: string };

export interface FollowUpInput {
  readonly now: number;
  /** Milliseconds until the target has had the pause it asked for. */
  readonly pauseMs: number;
  readonly random: number;
}

/** Decides by the result alone. An entry of a blocked target falls due at once: it waits for the target, not for itself. */
export function followUp(entry: OutboxEntry, result: DeliveryResult, input: FollowUpInput): FollowUp {
  if (result.kind === 'delivered') return result;
  const { kind, reason, status } = result;
  const { now, pauseMs, random } = input;
  if (kind === 'refused') return { kind: 'bury', reason, status, answer: result.answer.slice(0, ANSWER_CHARACTERS) };
  if (now - entry.createdAt >= LONGEST_WAIT_MS) return { kind: 'bury', reason: tooOld(reason), status, answer: '' };
  if (kind === 'blocked') return { kind: 'retry', nextAttemptAt: now, reason };
  const waitMs = isTooMany(result) ? pauseMs : backoffMs(entry.attempts + 1, result.retryAfterMs, random);
  return { kind: 'retry', nextAttemptAt: now + waitMs, reason };
}

/** Of a 429 the target's pause is all that its entry waits for: any other entry would have got it as well. */
export function isTooMany(result: DeliveryResult): boolean {
  return result.kind === 'again' && result.status === TOO_MANY_REQUESTS;
}

export function tooOld(reason: string): string {
  return `not delivered within 72 hours: ${reason}`;
}
