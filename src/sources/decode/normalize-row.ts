import type { Column, ScalarType } from '../../kql/types.ts';
import type { Cell, Row } from '../source.ts';
import { columnType } from './column-types.ts';
import type { RawColumn, ServiceRow } from './decode-state.ts';
import { normalDatetime } from './normalize-datetime.ts';
import { normalizeDynamic, setMember } from './normalize-dynamic.ts';

type Normalize = (value: unknown) => Cell;

interface TypedColumn extends Column {
  readonly normalize: Normalize;
  /** Strings in it need no change. */
  readonly isText: boolean;
}

export interface RowNormalizer {
  /** The schema's columns in their order; of columns with one name, the first. */
  readonly columns: readonly Column[];
  /** Exactly these columns; one that the row lacks is null. Takes the row over: it may be changed and returned. */
  normalize(row: ServiceRow): Row;
}

/**
 * Brings rows of the three APIs into one form by the schema that came with them: annotations dropped, 0 and 1 in bool columns as
 * false and true, `{}` in scalar columns as null, dynamic columns parsed, integers as numbers where a double holds them and else as
 * decimal strings, decimals as strings. A value that does not fit its column's type stays as it is.
 */
export function createRowNormalizer(schema: readonly RawColumn[]): RowNormalizer {
  const columns = new Map<string, TypedColumn>();
  for (const { name, type } of schema) {
    const scalar = columnType(type);
    if (!columns.has(name)) columns.set(name, typedColumn(name, scalar));
  }
  const typed = [...columns.values()];
  return {
    columns: typed.map(({ name, type }) => ({ name, type })),
    normalize: (row) => (hasExactly(row, typed) ? normalizeInPlace(row, typed) : normalizeCopy(row, typed)),
  };
}

function typedColumn(name: string, type: ScalarType): TypedColumn {
  const normalize = NORMALIZE[type];
  return { name, type, normalize, isText: normalize === normalizeText };
}

function hasExactly(row: ServiceRow, columns: readonly TypedColumn[]): boolean {
  let index = 0;
  for (const name in row) {
    if (columns[index]?.name !== name) return false;
    index++;
  }
  return index === columns.length;
}

/** The values are taken out at once: that is several times faster than asking for each by its name. */
function normalizeInPlace(row: ServiceRow, columns: readonly TypedColumn[]): Row {
  const values = Object.values(row);
  let index = 0;
  for (const column of columns) {
    const value = values[index++];
    if (column.isText && typeof value === 'string') continue;
    const cell = column.normalize(value);
    if (cell !== value) row[column.name] = cell;
  }
  return row as Row;
}

function normalizeCopy(raw: ServiceRow, columns: readonly TypedColumn[]): Row {
  const row: Record<string, Cell> = {};
  let folded: Map<string, unknown> | null = null;
  for (const { name, normalize } of columns) {
    if (Object.hasOwn(raw, name)) {
      setMember(row, name, normalize(raw[name]));
    } else {
      folded ??= new Map(Object.entries(raw).map(([key, value]) => [key.toLowerCase(), value]));
      setMember(row, name, normalize(folded.get(name.toLowerCase())));
    }
  }
  return row;
}

/** What no column of a type should hold is taken for a dynamic value: an empty object is how Graph writes null, anything else is kept as it came. */
const NORMALIZE: Readonly<Record<ScalarType, Normalize>> = {
  string: normalizeText,
  guid: normalizeText,
  timespan: normalizeText,
  decimal: normalizeText,
  datetime: normalizeDatetime,
  bool: normalizeBool,
  int: normalizeInteger,
  long: normalizeInteger,
  real: normalizeReal,
  dynamic: normalizeDynamic,
};

function normalizeText(value: unknown): Cell {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return normalizeDynamic(value);
}

function normalizeDatetime(value: unknown): Cell {
  if (typeof value !== 'string') return normalizeDynamic(value);
  return value === '' ? null : (normalDatetime(value) ?? value);
}

function normalizeBool(value: unknown): Cell {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return normalizeDynamic(value);
  const text = value.toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return value === '' ? null : value;
}

function normalizeInteger(value: unknown): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'string') return normalizeDynamic(value);
  const number = Number(value);
  if (value.trim() === '') return null;
  return Number.isSafeInteger(number) ? number : value;
}

/** NaN and the infinities travel as text. */
function normalizeReal(value: unknown): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'string') return normalizeDynamic(value);
  const number = Number(value);
  if (value.trim() === '') return null;
  return Number.isFinite(number) ? number : value;
}
