import { columnsOfTable } from '../../kql/defender.ts';
import type { Column, ScalarType } from '../../kql/types.ts';
import type { RawRow } from './row-table.ts';

/** Rows looked at to tell the types of columns that no schema names. */
const SAMPLE = 1000;

/** The columns of a local table: the Defender schema's, and whatever else the rows bring, typed by their values. Names with `_` in front are hidden. */
export function inferColumns(table: string, rows: readonly RawRow[]): readonly Column[] {
  const columns = new Map((columnsOfTable(table) ?? []).map((column) => [column.name, column]));
  const extra = new Map<string, ScalarType | null>();
  for (const row of rows.slice(0, SAMPLE)) {
    for (const [name, value] of Object.entries(row)) {
      if (!columns.has(name) && !name.startsWith('_'))
        extra.set(name, merge(extra.get(name) ?? null, valueType(value)));
    }
  }
  return [...columns.values(), ...[...extra].map(([name, type]) => ({ name, type: type ?? 'string' }))];
}

/** The type that holds both; null stands for nothing seen yet. */
function merge(before: ScalarType | null, now: ScalarType | null): ScalarType | null {
  if (before === null || now === null || before === now) return before ?? now;
  return widest(before, now);
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function valueType(value: unknown): ScalarType | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  if (value instanceof Date) return 'datetime';
  if (typeof value === 'string') return ISO.test(value) ? 'datetime' : 'string';
  return 'dynamic';
}

function widest(a: ScalarType, b: ScalarType): ScalarType {
  const numbers: readonly ScalarType[] = ['long', 'real'];
  if (numbers.includes(a) && numbers.includes(b)) return 'real';
  return a === 'dynamic' || b === 'dynamic' ? 'dynamic' : 'string';
}
