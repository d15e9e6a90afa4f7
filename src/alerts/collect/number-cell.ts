import type { Column, ScalarType } from '../../kql/types.ts';
import type { Cell } from '../../sources/source.ts';

const INTEGER = /^[+-]?\d+$/;
const LONGEST_NUMBER = 400;
const NUMERIC: readonly ScalarType[] = ['int', 'long', 'real', 'decimal'];

/** Whether text in this column is a number that the source kept as text to save its digits. */
export function isNumericColumn(columns: readonly Column[], name: string): boolean {
  const column = columns.find((one) => one.name === name);
  return column !== undefined && NUMERIC.includes(column.type);
}

/** The number in a cell, exact for integers of any size; null for everything else, NaN and the infinities included. */
export function numberInCell(cell: Cell, numericColumn: boolean): number | bigint | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (typeof cell !== 'string' || !numericColumn || cell.length > LONGEST_NUMBER) return null;
  if (INTEGER.test(cell)) return BigInt(cell);
  const number = cell.trim() === '' ? Number.NaN : Number(cell);
  return Number.isFinite(number) ? number : null;
}
