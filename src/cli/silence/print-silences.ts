import type { SilenceRow } from '../../actions/silences/silence-rows.ts';
import { printTable } from '../terminal/print.ts';
import { timeText } from '../terminal/time-text.ts';
import type { World } from '../terminal/world.ts';

export function printSilences(world: World, silences: readonly SilenceRow[]): void {
  const rows = silences.map((one) => [
    one.id,
    one.state,
    one.starts === null ? '-' : timeText(one.starts),
    timeText(one.ends),
    String(one.hidden),
    one.owner,
    one.match.join(', '),
    one.reason,
  ]);
  printTable(world, ['ID', 'STATE', 'STARTS', 'ENDS', 'HIDDEN', 'OWNER', 'MATCH', 'REASON'], rows);
}
