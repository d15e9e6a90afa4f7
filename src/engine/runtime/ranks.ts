import type { Budget } from '../budget.ts';
import type { Value } from '../value.ts';
import { compareTexts } from '../values/order.ts';
import { codesOfTexts } from './codes.ts';
import type { Codes, Values } from './column.ts';

/** What a column is sorted by. */
export interface SortKey {
  readonly values: Values;
  readonly type: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** The values as codes, where they are known. */
  readonly codes: Codes | null;
}

/** Fewer rows are compared one with another. */
const LEAST_ROWS = 0;

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real', 'datetime', 'timespan']);

/** Whether values of a type are numbers, or too large for one. */
export function isNumeric(type: string): boolean {
  return NUMBERS.has(type);
}

/** By row, a number that grows in the order asked for and is equal for equal rows; null where that would not pay or numbers do not tell. */
export function ranksOf(key: SortKey, rowCount: number, budget: Budget): Float64Array | null {
  if (rowCount < LEAST_ROWS) return null;
  budget.tick(rowCount);
  if (NUMBERS.has(key.type)) return numberRanks(key, rowCount);
  if (key.type !== 'string') return null;
  const codes = key.codes ?? codesOfTexts(key.values, rowCount, budget);
  return codes && textRanks(codes, key);
}

/** Missing values are infinite: a real infinity beside them cannot be told from one, nor a null from a NaN. */
function numberRanks({ values, descending, nullsFirst }: SortKey, rowCount: number): Float64Array | null {
  const ranks = new Float64Array(rowCount);
  const missing = nullsFirst ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  let met = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const given = values[row] ?? null;
    const value = given ?? Number.NaN;
    if (typeof value !== 'number') return null;
    const isMissing = Number.isNaN(value);
    if (isMissing || !Number.isFinite(value)) met |= specialOf(given);
    ranks[row] = isMissing ? missing : descending ? 0 - value : value + 0;
  }
  const isOneKind = (met & (met - 1)) === 0;
  return isOneKind ? ranks : null;
}

/** A bit for each kind of value that an infinite rank may stand for. */
function specialOf(value: Value): number {
  if (value === null) return 1;
  return Number.isNaN(value) ? 2 : 4;
}

function textRanks({ codes, distinct }: Codes, { descending }: SortKey): Float64Array | null {
  if (!distinct.every((value) => typeof value === 'string')) return null;
  const order = [...distinct.keys()].sort((a, b) => compareTexts(distinct[a] as string, distinct[b] as string));
  const rankOf = new Float64Array(distinct.length);
  order.forEach((code, rank) => {
    rankOf[code] = descending ? distinct.length - rank : rank;
  });
  const ranks = new Float64Array(codes.length);
  for (let row = 0; row < codes.length; row += 1) ranks[row] = rankOf[codes[row] as number] as number;
  return ranks;
}
