import type { LetterEntry } from '../../actions/letters/letter-entry.ts';
import { printTable } from '../terminal/print.ts';
import { timeText } from '../terminal/time-text.ts';
import type { World } from '../terminal/world.ts';

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
