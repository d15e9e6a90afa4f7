import type { Budget } from '../budget.ts';
import type { Selection, Values } from './column.ts';
import { isNumeric, ranksOf, type SortKey } from './ranks.ts';
import { type RowOrder, rowOrder, sortRows } from './sort.ts';

/** Of more rows, or a greater share of all, the whole order is made. */
const MOST_TOP = 1000;
const LEAST_SHARE = 8;

/** The first `count` row numbers in the order of the keys, as `sortRows` has them, without sorting the others. */
export function topOfKeys(rowCount: number, count: number, keys: readonly SortKey[], budget: Budget): Selection {
  const wanted = Math.max(0, Math.min(count, rowCount));
  if (wanted > MOST_TOP || wanted >= rowCount / LEAST_SHARE) return sortRows(rowCount, keys, budget).slice(0, wanted);
  if (wanted === 0) return new Int32Array(0);
  budget.tick(rowCount);
  const [first] = keys;
  const quick = first && keys.length === 1 && isNumeric(first.type) ? topOfNumbers(first, rowCount, wanted) : null;
  return quick ?? topOfOrder({ rowCount, count: wanted, keys }, budget);
}

/** The rows that are first by numbers so far. */
interface Best {
  readonly rows: number[];
  readonly numbers: number[];
}

/** Null where a number is too large to be a plain one. */
function topOfNumbers({ values, descending, nullsFirst }: SortKey, rowCount: number, count: number): Selection | null {
  const best: Best = { rows: [], numbers: [] };
  const [nulls, nans]: [number[], number[]] = [[], []];
  const next = descending ? nextAbove : nextBelow;
  let limit = Number.NaN;
  for (let row = next(values, 0, rowCount, limit); row < rowCount; row = next(values, row + 1, rowCount, limit)) {
    const value = values[row] ?? null;
    if (typeof value === 'number' && !Number.isNaN(value)) limit = keepBest(best, row, value, { count, descending });
    else if (typeof value === 'bigint') return null;
    else if (value === null) nulls.push(row);
    else nans.push(row);
  }
  const missing = nullsFirst ? nulls.concat(nans) : nans.concat(nulls);
  const all = nullsFirst ? missing.concat(best.rows) : best.rows.concat(missing);
  return Int32Array.from(all.slice(0, count));
}

/** The next row whose value is no number at most `limit`; tight loops, as most rows are passed over here. */
function nextAbove(values: Values, from: number, end: number, limit: number): number {
  for (let row = from; row < end; row += 1) {
    const value = values[row];
    if (typeof value !== 'number' || !(value <= limit)) return row;
  }
  return end;
}

/** The next row whose value is no number at least `limit`. */
function nextBelow(values: Values, from: number, end: number, limit: number): number {
  for (let row = from; row < end; row += 1) {
    const value = values[row];
    if (typeof value !== 'number' || !(value >= limit)) return row;
  }
  return end;
}

/** Puts a row behind those that are not after it; gives the number that others must be before, NaN while there are too few. */
function keepBest(
  { rows, numbers }: Best,
  row: number,
  value: number,
  { count, descending }: { readonly count: number; readonly descending: boolean },
): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = numbers[middle] as number;
    if (descending ? other >= value : other <= value) low = middle + 1;
    else high = middle;
  }
  rows.splice(low, 0, row);
  numbers.splice(low, 0, value);
  if (rows.length > count) {
    rows.pop();
    numbers.pop();
  }
  return rows.length === count ? (numbers[count - 1] ?? Number.NaN) : Number.NaN;
}

interface Wanted {
  readonly rowCount: number;
  readonly count: number;
  readonly keys: readonly SortKey[];
}

/** By comparing rows; where the first key is known as numbers, most rows are told by it alone. */
function topOfOrder({ rowCount, count, keys }: Wanted, budget: Budget): Selection {
  const order = rowOrder(keys);
  const [first] = keys;
  const ranks = first ? ranksOf(first, rowCount, budget) : null;
  const best: number[] = [];
  let limit = Number.NaN;
  for (let row = 0; row < rowCount; row += 1) {
    if (row % 4096 === 0) budget.tick(4096);
    if (ranks && (ranks[row] as number) > limit) continue;
    if (!keepFirst(best, row, order, count) || best.length < count) continue;
    if (ranks) limit = ranks[best[count - 1] as number] as number;
  }
  return Int32Array.from(best);
}

/** False where enough rows are before it. */
function keepFirst(best: number[], row: number, order: RowOrder, count: number): boolean {
  const last = best[count - 1];
  if (last !== undefined && order(row, last) >= 0) return false;
  best.splice(placeFor(row, best, order), 0, row);
  if (best.length > count) best.pop();
  return true;
}

/** Behind all rows that are not after it. */
function placeFor(row: number, best: readonly number[], order: RowOrder): number {
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(best[middle] as number, row) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
