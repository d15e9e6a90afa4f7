import type { DeadLetterHead } from '../../state/outbox-store.ts';
import { printTable } from '../terminal/print.ts';
import { timeText } from '../terminal/time-text.ts';
import type { World } from '../terminal/world.ts';

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

export function printLetters(world: World, entries: readonly LetterEntry[]): void {
  const rows = entries.map((one) => [
    String(one.id),
    one.target,
    String(one.status ?? '-'),
    String(one.attempts),
    timeText(one.lastAt),
    one.reason,
  ]);
  printTable(world, ['ID', 'TARGET', 'STATUS', 'ATTEMPTS', 'LAST', 'REASON'], rows);
}
