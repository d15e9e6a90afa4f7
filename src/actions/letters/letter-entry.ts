import type { DeadLetterHead } from '../../state/outbox-store.ts';
import { A_TEXT, AN_INTEGER, gives, INTEGER_OR_NULL } from '../schema.ts';

/** A dead letter in machine output; times are ISO texts. */
export interface LetterEntry {
  readonly id: number;
  readonly alertId: string;
  readonly target: string;
  readonly reason: string;
  readonly status: number | null;
  readonly attempts: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** What every letter says of itself. */
export const LETTER_PARTS = {
  id: AN_INTEGER,
  alertId: A_TEXT,
  target: A_TEXT,
  reason: A_TEXT,
  status: INTEGER_OR_NULL,
  attempts: AN_INTEGER,
  firstAt: A_TEXT,
  lastAt: A_TEXT,
} as const;

export const LETTER = gives(LETTER_PARTS);

export function letterEntryOf(letter: DeadLetterHead): LetterEntry {
  const { id, alertId, target, reason, status, attempts } = letter;
  return {
    id,
    alertId,
    target,
    reason,
    status,
    attempts,
    firstAt: new Date(letter.firstAt).toISOString(),
    lastAt: new Date(letter.lastAt).toISOString(),
  };
}
