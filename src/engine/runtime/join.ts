import type { Budget } from '../budget.ts';
import type { Selection } from './column.ts';

/** Keys of both sides as small integers; -1 for a row whose key the other side does not have. */
export interface JoinCodes {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly count: number;
}

/** Pairs of rows; -1 where a side has no row. */
export interface RowPairs {
  readonly left: Selection;
  readonly right: Selection;
}

export interface PairOptions {
  /** Keep left rows without a partner. */
  readonly keepLeft: boolean;
  /** Keep right rows without a partner, after all others. */
  readonly keepRight: boolean;
  /** Take only the first left row of each key. */
  readonly uniqueLeft: boolean;
}

/** Row numbers by code, as linked lists in two arrays: `head[code]`, then `next[row]`; -1 ends. */
interface Chains {
  readonly head: Int32Array;
  readonly next: Int32Array;
}

function chain(codes: Int32Array, count: number): Chains {
  const head = new Int32Array(count).fill(-1);
  const next = new Int32Array(codes.length).fill(-1);
  for (let row = codes.length - 1; row >= 0; row -= 1) {
    const code = codes[row] as number;
    if (code < 0) continue;
    next[row] = head[code] as number;
    head[code] = row;
  }
  return { head, next };
}

/** All pairs of rows with equal keys, by left row, then right row. */
export function matchRows(codes: JoinCodes, options: PairOptions, budget: Budget): RowPairs {
  const pairs = createPairs();
  const chains = chain(codes.right, codes.count);
  const taken = options.uniqueLeft ? new Uint8Array(codes.count) : null;
  const met = options.keepRight ? new Uint8Array(codes.right.length) : null;
  for (let row = 0; row < codes.left.length; row += 1) {
    const code = codes.left[row] as number;
    if (taken && !takeFirst(taken, code)) continue;
    const made = code < 0 ? 0 : addPartners(row, chains.head[code] as number, chains, pairs, met, budget);
    if (made === 0 && options.keepLeft) pairs.add(row, -1);
    budget.spend(made === 0 ? 1 : made % SPENT_AT_ONCE);
  }
  if (met) addUnmet(met, pairs, budget);
  return pairs.done();
}

/** Whether the row is the first of its key; one without a partner is kept for those who ask for it. */
function takeFirst(taken: Uint8Array, code: number): boolean {
  if (code < 0) return true;
  const isFirst = taken[code] === 0;
  taken[code] = 1;
  return isFirst;
}

const SPENT_AT_ONCE = 1024;

/** Pairs one left row with the chain that begins at `first`; gives the number of pairs. */
function addPartners(
  row: number,
  first: number,
  { next }: Chains,
  pairs: PairList,
  met: Uint8Array | null,
  budget: Budget,
): number {
  let made = 0;
  for (let other = first; other >= 0; other = next[other] as number) {
    pairs.add(row, other);
    if (met) met[other] = 1;
    made += 1;
    if (made % SPENT_AT_ONCE === 0) budget.spend(SPENT_AT_ONCE);
  }
  return made;
}

function addUnmet(met: Uint8Array, pairs: PairList, budget: Budget): void {
  for (let row = 0; row < met.length; row += 1) {
    if (met[row] === 1) continue;
    pairs.add(-1, row);
    budget.spend(1);
  }
}

/** Rows of one side that have (or lack) a partner on the other. */
export function semiRows(own: Int32Array, other: Int32Array, count: number, wanted: boolean): Selection {
  const present = new Uint8Array(count);
  for (const code of other) if (code >= 0) present[code] = 1;
  const rows = new Int32Array(own.length);
  let size = 0;
  for (let row = 0; row < own.length; row += 1) {
    const code = own[row] as number;
    if ((code >= 0 && present[code] === 1) !== wanted) continue;
    rows[size] = row;
    size += 1;
  }
  return rows.slice(0, size);
}

interface PairList {
  add(left: number, right: number): void;
  done(): RowPairs;
}

function createPairs(): PairList {
  let left = new Int32Array(1024);
  let right = new Int32Array(1024);
  let size = 0;
  return {
    add(leftRow, rightRow) {
      if (size === left.length) {
        left = grown(left);
        right = grown(right);
      }
      left[size] = leftRow;
      right[size] = rightRow;
      size += 1;
    },
    done: () => ({ left: left.slice(0, size), right: right.slice(0, size) }),
  };
}

function grown(rows: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(rows.length * 2);
  larger.set(rows);
  return larger;
}
