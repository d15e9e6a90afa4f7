import type { ScalarType } from '../../kql/types.ts';
import type { Value } from '../value.ts';
import type { Integer } from '../values/integer.ts';
import { coercionOf } from './coerce.ts';
import { type DateOrder, readDatetime, toldOrder } from './dates.ts';

/** Cells of a column, as values; those that could not be read are null and counted. */
export interface CoercedCells {
  readonly values: readonly Value[];
  readonly lost: number;
  /** The first cell that could not be read, and its place from 0. */
  readonly firstLost: { readonly row: number; readonly cell: unknown } | null;
}

export function coerceCells(cells: readonly unknown[], type: ScalarType, order: DateOrder | null): CoercedCells {
  const coerce = type === 'datetime' ? datetimeCoercion(order) : coercionOf(type);
  let lost = 0;
  let firstLost: CoercedCells['firstLost'] = null;
  const values = cells.map((cell, row) => {
    const value = coerce(cell);
    if (value !== null || isEmpty(cell)) return value;
    firstLost ??= { row, cell };
    lost += 1;
    return null;
  });
  return { values, lost, firstLost };
}

function isEmpty(cell: unknown): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');
}

/** Times repeat in neighbouring rows and are dear to read. */
function datetimeCoercion(order: DateOrder | null): (cell: unknown) => Value {
  const plain = coercionOf('datetime');
  let [latest, value]: [string | null, Integer | null] = [null, null];
  return (cell) => {
    if (typeof cell !== 'string') return plain(cell);
    if (cell !== latest) [latest, value] = [cell, readDatetime(cell, order)];
    return value;
  };
}

/** What the dates of a column tell about the order of day and month. */
export interface DateEvidence {
  readonly dmy: number;
  readonly mdy: number;
  readonly open: number;
  /** The first that could mean either. */
  readonly example: string | null;
}

export const NO_EVIDENCE: DateEvidence = { dmy: 0, mdy: 0, open: 0, example: null };

export function dateEvidence(cells: readonly unknown[], before: DateEvidence = NO_EVIDENCE): DateEvidence {
  const count = { ...before };
  for (const cell of cells) {
    const told = typeof cell === 'string' ? toldOrder(cell) : null;
    if (told === null || typeof cell !== 'string') continue;
    count[told] += 1;
    if (told === 'open') count.example ??= cell;
  }
  return count;
}

/** The order in which all dates that tell one agree; null where they do not, or none tells. */
export function decidedOrder({ dmy, mdy }: DateEvidence): DateOrder | null {
  if (dmy > 0 === mdy > 0) return null;
  return dmy > 0 ? 'dmy' : 'mdy';
}
