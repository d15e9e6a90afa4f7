import type { ExplainedHistory } from '../../trial/explain/history.ts';
import { oneLine, printLine, tint } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';

/** Why there was or was not an alert, and the query of the last run that looked. */
export function printHistory(world: World, { tenant, at, says, runs }: ExplainedHistory): void {
  printLine(world);
  printLine(world, tint(world, 'bold', oneLine(`What tenant ${tenant} knows of ${at}`)));
  for (const sentence of says) printLine(world, `  ${oneLine(sentence)}`);
  const query = runs.findLast((run) => run.query !== null)?.query ?? null;
  if (query === null) return;
  printLine(world, '  The last of these runs sent:');
  for (const line of query.split(/\r?\n/)) printLine(world, `    ${oneLine(line)}`);
}
