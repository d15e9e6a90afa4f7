import type { KqlNode } from '../../../kql/ast.ts';
import type { Scope, TableStep } from '../../compile/scope.ts';
import { columnOf } from '../../runtime/column.ts';
import { type Table, tableOf } from '../../runtime/table.ts';
import type { Value } from '../../value.ts';
import type { Integer } from '../../values/integer.ts';
import { type Activity, compileActivity, type Split, splitActivity } from './activity-periods.ts';

/** One line of the result. */
interface Line {
  readonly at: Integer;
  readonly dimensions: readonly Value[];
  /** In the order of COUNTS. */
  readonly counts: readonly number[];
}

const COUNTS = ['count', 'dcount', 'new_dcount', 'aggregated_dcount'];

/** `activity_counts_metrics`: who was active in each period of a span, and who was new in it. */
export function compileActivityCounts(call: KqlNode, scope: Scope): TableStep {
  const activity = compileActivity(call, scope);
  const { budget } = scope.compilation;
  return (input) => {
    budget.tick(input.rowCount);
    const lines = splitActivity(input, activity).flatMap(countLines);
    budget.spend(lines.length);
    return resultTable(lines, activity);
  };
}

/** Whose ids are new, and how many there were so far. */
function countLines({ periods, dimensions }: Split): Line[] {
  const seen = new Set<unknown>();
  return periods.map(({ at, rows, ids }) => {
    const before = seen.size;
    for (const id of ids) seen.add(id);
    return { at, dimensions, counts: [rows, ids.size, seen.size - before, seen.size] };
  });
}

function resultTable(lines: readonly Line[], { time, dimensions }: Activity): Table {
  const at = lines.map((line) => line.at);
  const keys = dimensions.map(({ column, type }, index) => {
    const values = lines.map((line) => line.dimensions[index] ?? null);
    return columnOf(column ?? '', type, values);
  });
  const counts = COUNTS.map((name, index) => {
    const values = lines.map((line) => line.counts[index] ?? null);
    return columnOf(name, 'long', values);
  });
  return tableOf([columnOf(time.column ?? 'Timeline', time.type, at), ...keys, ...counts], lines.length);
}
