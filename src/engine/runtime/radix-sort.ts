import type { Budget } from '../budget.ts';
import type { Selection } from './column.ts';

const DIGITS = 4;
const BUCKETS = 65_536;

/** Row numbers by the first ranks, where these are equal by the next, and so on; rows that are equal in all keep their order. */
export function sortByRanks(rowCount: number, ranks: readonly Float64Array[], budget: Budget): Selection {
  let order = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row += 1) order[row] = row;
  let spare = new Int32Array(rowCount);
  for (const one of [...ranks].reverse()) {
    if (isSorted(order, one)) continue;
    const digits = digitsOf(one);
    for (let digit = 0; digit < DIGITS; digit += 1) {
      budget.tick(rowCount);
      if (scatter(order, spare, digits, digit)) [order, spare] = [spare, order];
    }
  }
  return order;
}

function isSorted(order: Int32Array, ranks: Float64Array): boolean {
  for (let at = 1; at < order.length; at += 1)
    if ((ranks[order[at - 1] as number] as number) > (ranks[order[at] as number] as number)) return false;
  return true;
}

/** The bits of each rank as four digits, lowest first, that compare as the ranks do: negative ones turned over, the sign of others set. */
function digitsOf(ranks: Float64Array): Uint16Array {
  const digits = new Uint16Array(ranks.length * DIGITS);
  const view = new DataView(new ArrayBuffer(8));
  for (let row = 0; row < ranks.length; row += 1) {
    view.setFloat64(0, ranks[row] as number);
    const [high, low] = [view.getInt32(0), view.getInt32(4)];
    const flip = high >> 31;
    const [upper, lower] = [high ^ (flip | 0x80000000), low ^ flip];
    const at = row * DIGITS;
    digits[at] = lower;
    digits[at + 1] = lower >>> 16;
    digits[at + 2] = upper;
    digits[at + 3] = upper >>> 16;
  }
  return digits;
}

/** One pass of a stable sort by one digit; false where all rows have the same. */
function scatter(from: Int32Array, to: Int32Array, digits: Uint16Array, digit: number): boolean {
  const places = new Int32Array(BUCKETS);
  for (let at = digit; at < digits.length; at += DIGITS) {
    const bucket = digits[at] as number;
    places[bucket] = (places[bucket] as number) + 1;
  }
  if (places[digits[digit] as number] === from.length) return false;
  let sum = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const size = places[bucket] as number;
    places[bucket] = sum;
    sum += size;
  }
  for (let at = 0; at < from.length; at += 1) {
    const row = from[at] as number;
    const bucket = digits[row * DIGITS + digit] as number;
    const place = places[bucket] as number;
    to[place] = row;
    places[bucket] = place + 1;
  }
  return true;
}
