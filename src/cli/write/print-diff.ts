import { withoutCommands } from '../terminal/guard.ts';
import { oneLine, tint } from '../terminal/print.ts';
import type { Terminal, World } from '../terminal/world.ts';
import { unifiedDiff } from './unified-diff.ts';

/** What will change in a file, before it is written. */
export function printDiff(world: World, to: Terminal, name: string, [before, after]: readonly [string, string]): void {
  for (const line of unifiedDiff(oneLine(name), before, after)) {
    const text = oneLine(line.replaceAll('\t', '  ')).trimEnd();
    const colour = line.startsWith('-') ? 'red' : line.startsWith('+') ? 'green' : null;
    to.write(`${withoutCommands(colour === null ? text : tint(world, colour, text))}\n`);
  }
}
