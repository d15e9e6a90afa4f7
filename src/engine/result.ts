import { type Column, SCALAR_TYPES, type ScalarType } from '../kql/types.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Branch } from './branches.ts';
import type { KqlChart } from './chart.ts';
import type { Values } from './runtime/column.ts';
import type { Table } from './runtime/table.ts';
import type { TraceStep } from './trace.ts';
import { isDeeper } from './values/dynamic.ts';
import { MOST_LEVELS } from './values/json.ts';
import { type OutputValue, outputOf } from './values/output.ts';

/** A result row as sources give it: datetimes as UTC ISO text with up to 7 digits, whole numbers beyond 2^53 as text. */
export type ResultRow = Readonly<Record<string, OutputValue>>;

export interface KqlResult {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** The engine values of a column, see value.ts; null where the result has no such column. */
  values(name: string): Values | null;
  /** The rows one by one, without a second copy of them all. */
  rows(): IterableIterator<ResultRow>;
  /** Row counts by operator, in the order in which they first ran; empty unless tracing was asked for. */
  readonly trace: readonly TraceStep[];
  /** Which conditions and arms rows took, in the order of the text; empty unless tracing was asked for. */
  readonly branches: readonly Branch[];
  readonly warnings: readonly string[];
  /** The chart that the query asks for with `render`; null: none. */
  readonly chart: KqlChart | null;
}

/** Computes every column of the table now, so that nothing can fail later. */
export function resultOf(table: Table, about: Pick<KqlResult, 'trace' | 'branches' | 'warnings' | 'chart'>): KqlResult {
  const made = table.columns.map((column) => ({
    name: column.name,
    type: scalarType(column.type),
    values: readable(column.values(), column.type),
  }));
  const rowAt = rowMaker(made);
  return {
    columns: made.map(({ name, type }) => ({ name, type })),
    rowCount: table.rowCount,
    values: (name) => made.find((column) => column.name === name)?.values ?? null,
    *rows() {
      for (let row = 0; row < table.rowCount; row += 1) yield rowAt(row);
    },
    ...about,
  };
}

interface MadeColumn {
  readonly name: string;
  readonly type: ScalarType;
  readonly values: Values;
}

/** Rows made by assignments in one order share their shape, which is several times quicker than entries; only one name cannot be assigned. */
function rowMaker(made: readonly MadeColumn[]): (row: number) => ResultRow {
  if (made.some(({ name }) => name === '__proto__'))
    return (row) =>
      Object.fromEntries(made.map(({ name, type, values }) => [name, outputOf(values[row] ?? null, type)]));
  return (row) => {
    const cells: Record<string, OutputValue> = {};
    for (const { name, type, values } of made) cells[name] = outputOf(values[row] ?? null, type);
    return cells;
  };
}

/** Documents that functions have nested without end would exhaust the stack of whoever reads them. */
function readable(values: Values, type: string): Values {
  if (type !== 'dynamic') return values;
  if (values.some((value) => isDeeper(value, MOST_LEVELS)))
    throw new HuntwireError('KQL_BUDGET', `A value of the result is nested deeper than ${MOST_LEVELS} levels.`);
  return values;
}

function scalarType(name: string): ScalarType {
  return SCALAR_TYPES.find((type) => type === name) ?? 'dynamic';
}
