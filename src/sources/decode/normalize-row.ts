import type { Column, ScalarType } from '../../kql/types.ts';
import type { Cell, Row } from '../source.ts';
import { columnType } from './column-types.ts';
import type { RawColumn, ServiceRow } from './decode-state.ts';
import { normalDatetime } from './normalize-datetime.ts';
import { normalizeDynamic, setMember } from './normalize-dynamic.ts';
import type { CellForm, RowForm } from './row-form.ts';

type Normalize = (value: unknown) => Cell;

interface TypedColumn extends Column, CellForm {
  readonly normalize: Normalize;
  /** Strings in it need no change. */
  readonly isText: boolean;
}

export interface RowNormalizer extends RowForm {
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
  const blank = blankRow(typed);
  return {
    columns: typed.map(({ name, type }) => ({ name, type })),
    normalize: (row) => (hasExactly(row, typed) ? normalizeInPlace(row, typed) : normalizeCopy(row, typed, blank)),
    cellsOf: (names) => cellsOf(names, typed),
  };
}

/** A row of nulls. Parsed, it has its columns at fixed places however many they are: a copy of it is filled faster than an empty row. */
function blankRow(columns: readonly TypedColumn[]): Row {
  return JSON.parse(JSON.stringify(Object.fromEntries(columns.map(({ name }) => [name, null])))) as Row;
}

/** A member becomes the column of its name; the last of those that differ from a column's name in case only, where it has none of its own. */
function cellsOf(names: readonly string[], columns: readonly TypedColumn[]): readonly (TypedColumn | null)[] | null {
  const cells: (TypedColumn | null)[] = names.map(() => null);
  const places = new Map(names.map((name, index) => [name, index]));
  const folded = new Map(names.map((name, index) => [name.toLowerCase(), index]));
  for (const column of columns) {
    const place = places.get(column.name) ?? folded.get(column.name.toLowerCase());
    if (place === undefined) continue;
    // Two columns of one member.
    if (cells[place]) return null;
    cells[place] = column;
  }
  return cells;
}

function typedColumn(name: string, type: ScalarType): TypedColumn {
  const normalize = NORMALIZE[type];
  const isText = normalize === normalizeText;
  return { name, type, normalize, isText, keeps: KEEPS.get(normalize) ?? 'nothing' };
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

function normalizeCopy(raw: ServiceRow, columns: readonly TypedColumn[], blank: Row): Row {
  const row: Record<string, Cell> = { ...blank };
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

const KEEPS: ReadonlyMap<Normalize, CellForm['keeps']> = new Map<Normalize, CellForm['keeps']>([
  [normalizeText, 'text'],
  [normalizeDatetime, 'times'],
  [normalizeInteger, 'numbers'],
  [normalizeReal, 'numbers'],
]);

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
