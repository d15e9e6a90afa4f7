import type { SqlValue } from '../steps/bind.ts';
import type { ColumnType } from '../steps/steps.ts';

/** Types of elements by their numbers in every database (pg_type.oid). */
const ELEMENTS: Readonly<Record<ColumnType, number>> = { number: 20, real: 701, text: 25, bytes: 17, utf8: 25 };
const HEADER_BYTES = 20;
const NUMBER_BYTES = 8;
const NULL_LENGTH = -1;

/**
 * A list as the database itself sends one, of one element at least: as text every quote in it would be escaped here and unescaped there,
 * which is dearer than all else that is done with it.
 */
export function binaryList(type: ColumnType, values: readonly SqlValue[]): Buffer {
  const lengths = values.map((value) => lengthOf(type, value));
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), HEADER_BYTES);
  const list = Buffer.allocUnsafe(size);
  writeHeader(list, type, values);
  let place = HEADER_BYTES;
  for (const [at, value] of values.entries()) {
    const length = lengths[at] ?? NULL_LENGTH;
    place = list.writeInt32BE(length, place);
    if (value === null) continue;
    write(list, place, type, value);
    place += length;
  }
  return list;
}

/** One dimension, which begins at 1. */
function writeHeader(list: Buffer, type: ColumnType, values: readonly SqlValue[]): void {
  list.writeInt32BE(1, 0);
  list.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  list.writeInt32BE(ELEMENTS[type], 8);
  list.writeInt32BE(values.length, 12);
  list.writeInt32BE(1, 16);
}

function lengthOf(type: ColumnType, value: SqlValue): number {
  if (value === null) return NULL_LENGTH;
  if (type === 'number' || type === 'real') return NUMBER_BYTES;
  return Buffer.isBuffer(value) ? value.length : Buffer.byteLength(String(value));
}

function write(list: Buffer, place: number, type: ColumnType, value: string | number | Buffer): void {
  if (type === 'number') list.writeBigInt64BE(BigInt(String(value)), place);
  else if (type === 'real') list.writeDoubleBE(Number(value), place);
  else if (Buffer.isBuffer(value)) value.copy(list, place);
  else list.write(String(value), place);
}
