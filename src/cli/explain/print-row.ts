import type { ExplainedRow } from '../../trial/explain/row/explained-row.ts';
import { oneLine, printLine, printTable, tint } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';

/** What became of a row, or would. */
export function printRow(world: World, { tenant, time, says, steps }: ExplainedRow): void {
  printLine(world);
  printLine(world, tint(world, 'bold', oneLine(`What becomes of the row of ${time} in tenant ${tenant}`)));
  for (const sentence of says) printLine(world, `  ${oneLine(sentence)}`);
  if (steps.length === 0) return;
  printTable(
    world,
    ['line', 'rows in', 'rows out', 'operator'],
    steps.map(({ line, rowsIn, rowsOut, text }) => [
      line === null ? '-' : `${line}`,
      `${rowsIn}`,
      `${rowsOut}`,
      oneLine(text),
    ]),
  );
}
