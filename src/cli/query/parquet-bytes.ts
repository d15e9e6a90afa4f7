import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column, ScalarType } from '../../kql/types.ts';
import type { Cell, Row } from '../../sources/source.ts';
import type { QueryResult } from './query-result.ts';

interface Written {
  readonly element: Omit<SchemaElement, 'name'>;
  /** Undefined: no value of the type. */
  readonly convert: (cell: Cell) => unknown;
}

const TEXT: Written = {
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  convert: (cell) => (typeof cell === 'string' ? cell : JSON.stringify(cell)),
};

const TYPES: Readonly<Record<ScalarType, Written>> = {
  string: TEXT,
  guid: TEXT,
  timespan: TEXT,
  decimal: TEXT,
  dynamic: {
    element: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
    convert: (cell) => cell,
  },
  bool: { element: { type: 'BOOLEAN' }, convert: (cell) => (typeof cell === 'boolean' ? cell : undefined) },
  int: { element: { type: 'INT32' }, convert: (cell) => (isInt32(cell) ? cell : undefined) },
  long: { element: { type: 'INT64' }, convert: longOf },
  real: { element: { type: 'DOUBLE' }, convert: realOf },
  datetime: {
    element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
    convert: nanosecondsOf,
  },
};

/** The rows as a Parquet file: times to 100 ns, whole numbers exact, dynamic columns as JSON. A column with a value that its type cannot hold is one of text. */
export function parquetBytes({ columns, rows }: QueryResult): Uint8Array {
  const made = columns.map((column) => writtenColumn(column, rows));
  const root: SchemaElement = { name: 'root', num_children: made.length };
  const schema = [
    root,
    ...made.map(({ name, element }) => ({ ...element, name, repetition_type: 'OPTIONAL' as const })),
  ];
  return new Uint8Array(parquetWriteBuffer({ schema, columnData: made.map(({ name, data }) => ({ name, data })) }));
}

function writtenColumn({ name, type }: Column, rows: readonly Row[]) {
  const cells = rows.map((row) => row[name] ?? null);
  const { element, convert } = TYPES[type];
  const data = cells.map((cell) => (cell === null ? null : convert(cell)));
  if (!data.includes(undefined)) return { name, element, data };
  return { name, element: TEXT.element, data: cells.map((cell) => (cell === null ? null : TEXT.convert(cell))) };
}

function isInt32(cell: Cell): boolean {
  return typeof cell === 'number' && (cell | 0) === cell;
}

function longOf(cell: Cell): bigint | undefined {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? BigInt(cell) : undefined;
  if (typeof cell !== 'string' || !/^-?\d{1,19}$/.test(cell)) return undefined;
  const value = BigInt(cell);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function realOf(cell: Cell): number | undefined {
  if (typeof cell === 'number') return cell;
  return cell === 'NaN' || cell === 'Infinity' || cell === '-Infinity' ? Number(cell) : undefined;
}

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z$/;

/** Parquet's nanoseconds reach from 1677 to 2262. */
function nanosecondsOf(cell: Cell): bigint | undefined {
  const [, seconds = '', fraction = ''] = typeof cell === 'string' ? (ISO.exec(cell) ?? []) : [];
  const ms = Date.parse(`${seconds}Z`);
  if (Number.isNaN(ms)) return undefined;
  const value = BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
