import type { Budget } from '../budget.ts';
import { codesOf } from './codes.ts';
import type { Codes, Selection, TableColumn } from './column.ts';

/** Rows put into groups of equal keys. Groups are numbered in the order of their first row. */
export interface Grouping {
  /** The group of each row. */
  readonly groups: Int32Array;
  /** The first row of each group. */
  readonly first: Selection;
  readonly count: number;
}

/** All rows in one group; the group exists even without rows. */
export function singleGroup(rowCount: number): Grouping {
  return { groups: new Int32Array(rowCount), first: new Int32Array([rowCount > 0 ? 0 : -1]), count: 1 };
}

/** Groups by any number of columns: each is encoded to small integers, which are then combined pairwise. */
export function groupRows(columns: readonly TableColumn[], rowCount: number, budget: Budget): Grouping {
  const [head, ...rest] = columns;
  if (!head) return singleGroup(rowCount);
  let numbered = inOrder(codesOf(head, rowCount, budget));
  for (const column of rest) numbered = combine(numbered, codesOf(column, rowCount, budget), budget);
  return { groups: numbered.codes, first: firstRows(numbered), count: numbered.count };
}

/** Codes in the order of their first rows, every one of them some row's. */
interface Numbered {
  readonly codes: Int32Array;
  readonly count: number;
}

function inOrder({ codes: given, distinct }: Codes): Numbered {
  const known = new Int32Array(distinct.length).fill(-1);
  const codes = new Int32Array(given.length);
  let count = 0;
  for (let row = 0; row < codes.length; row += 1) {
    const before = given[row] as number;
    if ((known[before] as number) < 0) {
      known[before] = count;
      count += 1;
    }
    codes[row] = known[before] as number;
  }
  return { codes, count };
}

/** Pairs of codes get new codes; a flat array finds them while it stays small, a Map otherwise. */
function combine(left: Numbered, right: Codes, budget: Budget): Numbered {
  budget.tick(left.codes.length);
  const cells = left.count * right.distinct.length;
  return cells <= 4 * left.codes.length + 1024 ? combineFlat(left, right, cells) : combineSparse(left, right);
}

function combineFlat(left: Numbered, right: Codes, cells: number): Numbered {
  const width = right.distinct.length;
  const known = new Int32Array(cells).fill(-1);
  const codes = new Int32Array(left.codes.length);
  let count = 0;
  for (let row = 0; row < codes.length; row += 1) {
    const cell = (left.codes[row] as number) * width + (right.codes[row] as number);
    let code = known[cell] as number;
    if (code < 0) {
      code = count;
      count += 1;
      known[cell] = code;
    }
    codes[row] = code;
  }
  return { codes, count };
}

function combineSparse(left: Numbered, right: Codes): Numbered {
  const width = right.distinct.length;
  const known = new Map<number, number>();
  const codes = new Int32Array(left.codes.length);
  for (let row = 0; row < codes.length; row += 1) {
    const cell = (left.codes[row] as number) * width + (right.codes[row] as number);
    let code = known.get(cell);
    if (code === undefined) {
      code = known.size;
      known.set(cell, code);
    }
    codes[row] = code;
  }
  return { codes, count: known.size };
}

function firstRows({ codes, count }: Numbered): Selection {
  const first = new Int32Array(count);
  let next = 0;
  for (let row = 0; row < codes.length && next < count; row += 1) {
    if (codes[row] !== next) continue;
    first[next] = row;
    next += 1;
  }
  return first;
}

/** The rows of each group, in order. */
export function rowsByGroup(grouping: Grouping): Selection[] {
  const sizes = new Int32Array(grouping.count);
  for (const group of grouping.groups) sizes[group] = (sizes[group] as number) + 1;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const next = new Int32Array(grouping.count);
  grouping.groups.forEach((group, row) => {
    const at = next[group] as number;
    (members[group] as Int32Array)[at] = row;
    next[group] = at + 1;
  });
  return members;
}
