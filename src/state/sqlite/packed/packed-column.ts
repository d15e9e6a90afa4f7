import type { SqlValue } from '../../steps/bind.ts';
import type { ColumnType } from '../../steps/steps.ts';

/**
 * How the values of a column stand in one value. `same`: it is the value of all; `next`: whole numbers from it on; the others lie one
 * behind another, each as wide as the next: `digits`: whole numbers in decimal, `text` and `bytes`.
 */
export type ColumnForm = 'same' | 'next' | 'digits' | 'text' | 'bytes';

/** The values of a column as one: the driver takes half a microsecond for each value, which is longer than SQLite takes for most. */
export interface PackedColumn {
  readonly form: ColumnForm;
  readonly value: SqlValue;
  readonly width: number;
}

/** As many as the largest number has that JavaScript counts with. */
const DIGITS = 16;

/** Null where the values are of several widths, or some are null or missing. */
export function packColumn(type: ColumnType, values: readonly (SqlValue | undefined)[]): PackedColumn | null {
  const [first] = values;
  if (first === undefined) return null;
  if (values.every((value) => value === first)) return { form: 'same', value: first, width: 0 };
  if (type === 'number') return packNumbers(values);
  if (type === 'text') return packTexts(values);
  return type === 'bytes' ? packBytes(values) : null;
}

function packNumbers(values: readonly (SqlValue | undefined)[]): PackedColumn | null {
  const [first] = values;
  if (typeof first !== 'number' || !values.every(isCounting)) return null;
  if (values.every((value, index) => value === first + index)) return { form: 'next', value: first, width: 0 };
  const digits = values.map((value) => String(value).padStart(DIGITS, '0'));
  return { form: 'digits', value: Buffer.from(digits.join('')), width: DIGITS };
}

function isCounting(value: SqlValue | undefined): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Only ASCII is as wide in bytes as in characters. The driver ends a text at U+0000, and so must not this. */
function packTexts(values: readonly (SqlValue | undefined)[]): PackedColumn | null {
  const width = widthOf(values);
  if (width === null || !values.every((value) => typeof value === 'string')) return null;
  const bytes = Buffer.from(values.join(''));
  const isPlain = bytes.length === width * values.length && !bytes.includes(0);
  return isPlain ? { form: 'text', value: bytes, width } : null;
}

function packBytes(values: readonly (SqlValue | undefined)[]): PackedColumn | null {
  const width = widthOf(values);
  const parts = values.filter((value) => Buffer.isBuffer(value));
  if (width === null || parts.length < values.length) return null;
  return { form: 'bytes', value: Buffer.concat(parts), width };
}

/** The length of all texts, or of all bytes; null where they are not of one. */
function widthOf(values: readonly (SqlValue | undefined)[]): number | null {
  const width = lengthOf(values[0]);
  return width > 0 && values.every((value) => lengthOf(value) === width) ? width : null;
}

function lengthOf(value: SqlValue | undefined): number {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.length : 0;
}
