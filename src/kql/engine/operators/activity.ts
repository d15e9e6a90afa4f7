import type { KqlNode } from '../../ast.ts';
import type { Operator, Scope } from '../compile/scope.ts';
import { columnOf } from '../runtime/column.ts';
import { type Table, tableOf } from '../runtime/table.ts';
import type { Integer, Value } from '../value.ts';
import { type Activity, compileActivity, type Split, splitActivity } from './activity-periods.ts';

/** One line of the result, without its dimensions. */
interface Line {
  readonly at: Integer;
  readonly values: readonly Value[];
}

/** A measure of a plugin over activities. */
interface Measures {
  readonly columns: readonly (readonly [string, string])[];
  readonly windowCount: number;
  lines(split: Split): Line[];
}

function compileMeasures(call: KqlNode, measures: Measures, scope: Scope): Operator {
  const activity = compileActivity(call, measures.windowCount, scope);
  const { budget } = scope.compilation;
  return (input) => {
    budget.tick(input.rowCount);
    const found = splitActivity(input, activity).map((split) => ({
      split,
      lines: measures.lines(split),
    }));
    budget.spend(found.reduce((sum, { lines }) => sum + lines.length, 0));
    return resultTable(found, activity, measures);
  };
}

function resultTable(found: readonly { split: Split; lines: Line[] }[], activity: Activity, measures: Measures): Table {
  const rows = found.flatMap(({ split, lines }) => lines.map((line) => ({ line, dimensions: split.dimensions })));
  const time = columnOf(
    activity.time.column ?? 'Timeline',
    activity.time.type,
    rows.map(({ line }) => line.at),
  );
  const dimensions = activity.dimensions.map(({ column, type }, index) =>
    columnOf(
      column ?? '',
      type,
      rows.map((row) => row.dimensions[index] ?? null),
    ),
  );
  const values = measures.columns.map(([name, type], index) =>
    columnOf(
      name,
      type,
      rows.map(({ line }) => line.values[index] ?? null),
    ),
  );
  return tableOf([time, ...dimensions, ...values], rows.length);
}

/** Whose ids are new, and how many there were so far. */
function countLines({ periods }: Split): Line[] {
  const seen = new Set<unknown>();
  return periods.map(({ at, rows, ids }) => {
    const before = seen.size;
    for (const id of ids) seen.add(id);
    return { at, values: [rows, ids.size, seen.size - before, seen.size] };
  });
}

const COUNTS: Measures = {
  columns: ['count', 'dcount', 'new_dcount', 'aggregated_dcount'].map((name) => [name, 'long']),
  windowCount: 1,
  lines: countLines,
};

/** Plugins that count who was active in each period of a span. */
export const ACTIVITY_PLUGINS: readonly (readonly [string, (call: KqlNode, scope: Scope) => Operator])[] = [
  ['activity_counts_metrics', (call, scope) => compileMeasures(call, COUNTS, scope)],
];
