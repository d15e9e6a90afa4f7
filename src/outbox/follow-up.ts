import type { OutboxEntry, TargetState } from '../state/outbox-store.ts';
import type { DeliveryResult } from '../targets/target.ts';
import { ageMs, LONGEST_AGE_MS } from './age.ts';
import { backoffMs } from './backoff.ts';

const ANSWER_CHARACTERS = 1024;
const TOO_MANY_REQUESTS = 429;

/** What becomes of an outbox entry after a delivery. */
export type FollowUp =
  | { readonly kind: 'delivered'; readonly receipt?: string }
  | {
      readonly kind: 'retry';
      /** Outbox times. */
      readonly nextAttemptAt: number;
      readonly triedAt: number;
      /** The entry's age by now. */
      readonly agedMs: number;
      readonly reason: string;
    }
  | { readonly kind: 'bury'; readonly reason: string; readonly status: number | null; readonly answer: string };

export interface FollowUpInput {
  /** Outbox time. */
  readonly now: number;
  /** The entry's target before this delivery. */
  readonly target: TargetState;
  /** Milliseconds until the target has had the pause it asked for. */
  readonly pauseMs: number;
  readonly random: number;
}

/** Decides by the result alone. An entry of a blocked target falls due at once: it waits for the target, not for itself. */
export function followUp(entry: OutboxEntry, result: DeliveryResult, input: FollowUpInput): FollowUp {
  if (result.kind === 'delivered') return result;
  const { kind, reason, status } = result;
  const { now, target, pauseMs, random } = input;
  if (kind === 'refused') return { kind: 'bury', reason, status, answer: result.answer.slice(0, ANSWER_CHARACTERS) };
  const agedMs = ageMs(entry, target, now);
  if (agedMs >= LONGEST_AGE_MS) return { kind: 'bury', reason: tooOld(reason), status, answer: '' };
  const retry = { kind: 'retry', triedAt: now, agedMs, reason } as const;
  if (kind === 'blocked') return { ...retry, nextAttemptAt: now };
  const waitMs = isTooMany(result) ? pauseMs : backoffMs(entry.attempts + 1, result.retryAfterMs, random);
  return { ...retry, nextAttemptAt: now + waitMs };
}

/** Of a 429 the target's pause is all that its entry waits for: any other entry would have got it as well. */
export function isTooMany(result: DeliveryResult): boolean {
  return result.kind === 'again' && result.status === TOO_MANY_REQUESTS;
}

export function tooOld(reason: string): string {
  return `not delivered within 72 hours: ${reason}`;
}
