import type { KqlNode } from '../../ast.ts';
import { evaluateOnce } from '../compile/expression.ts';
import type { Operator, Scope } from '../compile/scope.ts';
import { failed } from '../problem.ts';
import { columnOf } from '../runtime/column.ts';
import { type Table, tableOf } from '../runtime/table.ts';
import type { Integer, Value } from '../value.ts';
import {
  type Activity,
  compileActivity,
  distance,
  type Period,
  type Split,
  splitActivity,
} from './activity-periods.ts';

/** One line of the result, without its dimensions. */
interface Line {
  readonly at: Integer;
  readonly values: readonly Value[];
}

/** A measure of a plugin over activities. */
interface Measures {
  readonly columns: readonly (readonly [string, string])[];
  readonly windowCount: number;
  /** Whether dimensions stand behind the measures instead of before them. */
  readonly dimensionsLast: boolean;
  lines(split: Split, windows: readonly Value[], call: KqlNode): Line[];
}

function compileMeasures(call: KqlNode, measures: Measures, scope: Scope): Operator {
  const activity = compileActivity(call, measures.windowCount, scope);
  const { budget } = scope.compilation;
  return (input) => {
    budget.tick(input.rowCount);
    const windows = activity.windows.map(evaluateOnce);
    const found = splitActivity(input, activity).map((split) => ({
      split,
      lines: measures.lines(split, windows, call),
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
  const columns = measures.dimensionsLast ? [time, ...values, ...dimensions] : [time, ...dimensions, ...values];
  return tableOf(columns, rows.length);
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

function share(ids: ReadonlySet<unknown>, other: ReadonlySet<unknown>): number {
  return [...ids].filter((id) => other.has(id)).length / ids.size;
}

/** A period against the one before it; the first one has kept everybody. */
function retentionLines({ periods }: Split, [step = null]: readonly Value[], call: KqlNode): Line[] {
  const seen = new Set<unknown>();
  return periods.map(({ at, ids }, index) => {
    const before = periods[index - 1];
    if (before && distance(before.at, at, step) !== 1) {
      throw failed('The local engine cannot tell the retention behind a period without activities.', call);
    }
    const earlier = seen.size;
    for (const id of ids) seen.add(id);
    const kept = before ? share(before.ids, ids) : 1;
    return { at, values: [ids.size, seen.size - earlier, kept, 1 - kept] };
  });
}

/** The periods from which a window that ends with the period `at` is made. */
function within(periods: readonly Period[], at: Integer, step: Value, width: number): Period[] {
  return periods.filter((one) => {
    const back = distance(one.at, at, step);
    return back >= 0 && back < width;
  });
}

function union(periods: readonly Period[]): Set<unknown> {
  return new Set(periods.flatMap(({ ids }) => [...ids]));
}

function engagementLines({ periods }: Split, [inner = null, outer = null]: readonly Value[]): Line[] {
  const width = Math.floor(Number(outer) / Number(inner));
  return periods.map(({ at, ids }) => {
    const all = union(within(periods, at, inner, width)).size;
    return { at, values: [ids.size, all, ids.size / all] };
  });
}

const COUNTS: Measures = {
  columns: ['count', 'dcount', 'new_dcount', 'aggregated_dcount'].map((name) => [name, 'long']),
  windowCount: 1,
  dimensionsLast: false,
  lines: countLines,
};

const RETENTION: Measures = {
  columns: [
    ['dcount_values', 'long'],
    ['dcount_newvalues', 'long'],
    ['retention_rate', 'real'],
    ['churn_rate', 'real'],
  ],
  windowCount: 1,
  dimensionsLast: true,
  lines: retentionLines,
};

const ENGAGEMENT: Measures = {
  columns: [
    ['dcount_activities_inner', 'long'],
    ['dcount_activities_outer', 'long'],
    ['activity_ratio', 'real'],
  ],
  windowCount: 2,
  dimensionsLast: true,
  lines: engagementLines,
};

/** Plugins that count who was active in each period of a span. */
export const ACTIVITY_PLUGINS: readonly (readonly [string, (call: KqlNode, scope: Scope) => Operator])[] = [
  ['activity_counts_metrics', (call, scope) => compileMeasures(call, COUNTS, scope)],
  ['activity_metrics', (call, scope) => compileMeasures(call, RETENTION, scope)],
  ['activity_engagement', (call, scope) => compileMeasures(call, ENGAGEMENT, scope)],
];
