import type { RowReasonCounts } from '../../alerts/decide/reasons.ts';
import { countOf } from '../../lib/text.ts';
import type { PlacedStep, RuleTestResult } from '../../trial/test-rule.ts';
import { oneLine } from '../terminal/print.ts';
import { traceLines } from '../terminal/print-trace.ts';
import { shortPaths } from '../terminal/short-paths.ts';

/** What a failed test says: what differs, which line of the query let how many rows through, and what became of the rows of the result. */
export function linesOfResult(cwd: string, { differences, trace, rows }: RuleTestResult): readonly string[] {
  const differing = differences.map(
    ({ path, expected, actual }) => `${path}: expected ${shown(cwd, expected)}, got ${shown(cwd, actual)}`,
  );
  const steps = trace ? stepLines(trace.query, trace.steps) : [];
  return [...differing, ...steps, ...(rows ? rowLines(rows) : [])];
}

function shown(cwd: string, value: unknown): string {
  return oneLine(shortPaths(cwd, JSON.stringify(value) ?? 'nothing'));
}

function stepLines(query: string, steps: readonly PlacedStep[]): readonly string[] {
  return traceLines(query, steps).map(({ rowsIn, rowsOut, text }, index) => {
    const place = steps[index]?.place;
    const where = place ? `${place.line}:${place.column}` : 'window';
    const mark = rowsIn > 0 && rowsOut === 0 ? '   <- drops every row' : '';
    return `${String(rowsIn).padStart(6)} -> ${String(rowsOut).padEnd(6)} ${where.padEnd(7)} ${text}${mark}`;
  });
}

/** What became of a row, behind the number of rows. */
const FATES: Readonly<Record<keyof RowReasonCounts, string>> = {
  new: 'told',
  known: 'known from before',
  overlap: 'told in a window that overlaps',
  held: 'held back before',
  changed: 'told before the rule was changed',
  silenced: 'silenced',
  maintenance: 'within maintenance',
  quiet: 'in the quiet time',
  limit: 'over the limit',
  testing: 'of a rule in testing',
  excepted: 'taken out by an exception',
  threshold: 'not enough for the threshold',
};

function rowLines(rows: RowReasonCounts): readonly string[] {
  const counts = Object.entries(rows) as readonly (readonly [keyof RowReasonCounts, number])[];
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return ['the result has no rows'];
  const parts = counts.map(([reason, count]) => `${count} ${FATES[reason]}`);
  return [`the result has ${countOf(total, 'row')}: ${parts.join(', ')}`];
}
