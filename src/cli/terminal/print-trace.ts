import type { TraceStep } from '../../engine/trace.ts';
import { dim, oneLine, tint } from './print.ts';
import type { World } from './world.ts';

const LONGEST = 90;

/** Row counts by operator, on stderr: the line that let nothing through stands out. */
export function printTrace(world: World, query: string, steps: readonly TraceStep[]): void {
  for (const line of traceLines(query, steps)) {
    const dropsAll = line.rowsIn > 0 && line.rowsOut === 0;
    const counts = `${String(line.rowsIn).padStart(9)} -> ${String(line.rowsOut).padEnd(9)}`;
    world.stderr.write(
      `${dropsAll ? tint(world, 'red', counts) : counts} ${dim(world, `line ${line.line}`)}  ${line.text}\n`,
    );
  }
}

export interface TraceLine {
  readonly line: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly text: string;
}

export function traceLines(query: string, steps: readonly TraceStep[]): readonly TraceLine[] {
  return steps.map(({ line, rowsIn, rowsOut, start, end }) => {
    const text = oneLine(query.slice(start, end)).replace(/\s+/g, ' ');
    return { line, rowsIn, rowsOut, text: text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text };
  });
}
