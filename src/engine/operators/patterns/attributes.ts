import type { KqlNode } from '../../../kql/ast.ts';
import type { Budget } from '../../budget.ts';
import { columnOf, emptyValue, type TableColumn } from '../../runtime/column.ts';
import { findColumn, type Table, tableOf } from '../../runtime/table.ts';
import type { Value } from '../../value.ts';
import { type GroupKey, groupKey } from '../../values/group-key.ts';
import type { PatternCall } from './pattern-call.ts';

/** A column as numbers, one for each different value. */
export interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly codes: Int32Array;
  readonly values: readonly Value[];
}

/** The rows that patterns are looked for in. */
export interface Attributes {
  readonly columns: readonly Attribute[];
  /** How much each row counts. */
  readonly weights: Float64Array;
}

/** The value of one column: a code of the attribute at that place. */
export interface Item {
  readonly column: number;
  readonly code: number;
}

/** Values that rows share, at most one for each column, by its place. */
export type SharedValues = ReadonlyMap<number, number>;

/** All columns but those named, with the weights of their rows. */
export function attributesOf(
  input: Table,
  call: PatternCall,
  without: ReadonlySet<string>,
  budget: Budget,
): Attributes {
  const columns = input.columns.filter(({ name }) => !without.has(name) && name !== call.weight);
  const weight = call.weight === null ? null : findColumn(input, call.weight)?.values();
  budget.spendBytes(input.rowCount * (columns.length * 4 + 8));
  const weights = new Float64Array(input.rowCount).fill(1);
  if (weight) for (const row of weights.keys()) weights[row] = Math.max(0, Number(weight[row] ?? 0));
  return { columns: columns.map((one) => attributeOf(one, input.rowCount, budget)), weights };
}

function attributeOf({ name, type, values }: TableColumn, rowCount: number, budget: Budget): Attribute {
  const known = new Map<GroupKey, number>();
  const distinct: Value[] = [];
  const codes = new Int32Array(rowCount);
  const cells = values();
  budget.tick(rowCount);
  for (let row = 0; row < rowCount; row += 1) {
    const value = cells[row] ?? null;
    const key = groupKey(value, type);
    let code = known.get(key);
    if (code === undefined) {
      code = distinct.push(value) - 1;
      known.set(key, code);
    }
    codes[row] = code;
  }
  return { name, type, codes, values: distinct };
}

/** How much the given rows count for each value, by column and code. */
export function countItems({ columns, weights }: Attributes, rows: Iterable<number>, budget: Budget): Float64Array[] {
  const counts = columns.map(({ values }) => new Float64Array(values.length));
  for (const row of rows) {
    budget.tick(columns.length);
    for (const [column, { codes }] of columns.entries()) {
      const own = counts[column] as Float64Array;
      const code = codes[row] as number;
      own[code] = (own[code] as number) + (weights[row] as number);
    }
  }
  return counts;
}

export function totalWeight({ weights }: Attributes, rows: Iterable<number>): number {
  let sum = 0;
  for (const row of rows) sum += weights[row] as number;
  return sum;
}

/** The rows that have the value. */
export function rowsWith({ columns }: Attributes, rows: Int32Array, { column, code }: Item): Int32Array {
  const codes = columns[column]?.codes;
  return rows.filter((row) => codes?.[row] === code);
}

/** One text for equal patterns. */
export function patternKey(pattern: SharedValues): string {
  return [...pattern]
    .sort(([a], [b]) => a - b)
    .map(([column, code]) => `${column}:${code}`)
    .join();
}

/** A line of the result: what is told of a pattern, then the pattern. */
export interface PatternLine {
  readonly told: readonly Value[];
  readonly pattern: SharedValues;
}

/** Lines as a table: their numbers, what is told, then the columns of the input with a value or a wildcard; those in `without` are left out. */
export function patternTable(
  lines: readonly PatternLine[],
  { columns }: Attributes,
  call: PatternCall,
  node: KqlNode,
  without: ReadonlySet<string>,
): Table {
  const told = lines[0]?.told.length ?? 0;
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  const made = (node.columns ?? [])
    .filter(({ name }) => !without.has(name))
    .map(({ name, type }, place) => {
      if (place === 0)
        return columnOf(
          name,
          type,
          lines.map((_, line) => line),
        );
      if (place <= told)
        return columnOf(
          name,
          type,
          lines.map((line) => line.told[place - 1] ?? null),
        );
      const wildcard = call.wildcards.get(type) ?? emptyValue(type);
      const own = places.get(name) ?? -1;
      return columnOf(
        name,
        type,
        lines.map(({ pattern }) => {
          const code = pattern.get(own);
          return code === undefined ? wildcard : (columns[own]?.values[code] ?? emptyValue(type));
        }),
      );
    });
  return tableOf(made, lines.length);
}

/** A share as a percentage with so many digits. */
export function percentOf(part: number, whole: number, digits: number): number {
  return whole === 0 ? 0 : Number(((100 * part) / whole).toFixed(digits));
}
