import type { Budget } from '../budget.ts';
import { groupKey } from '../values/group-key.ts';
import type { Selection, TableColumn, Values } from './column.ts';

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
  let codes = encode(head.values(), head.type, rowCount, budget);
  for (const column of rest) codes = combine(codes, encode(column.values(), column.type, rowCount, budget), budget);
  return { groups: codes.codes, first: firstRows(codes), count: codes.count };
}

interface Codes {
  readonly codes: Int32Array;
  readonly count: number;
}

/** Types whose values are their own Map keys. */
const PRIMITIVE: ReadonlySet<string> = new Set([
  'string',
  'bool',
  'int',
  'long',
  'real',
  'datetime',
  'timespan',
  'guid',
]);
const CHUNK = 4096;

/** Whether the values of a type are their own Map keys. */
export function isPlain(type: string): boolean {
  return PRIMITIVE.has(type);
}

function encode(values: Values, type: string, rowCount: number, budget: Budget): Codes {
  const codes = new Int32Array(rowCount);
  const known = new Map<unknown, number>();
  const plain = PRIMITIVE.has(type);
  for (let row = 0; row < rowCount; row += 1) {
    const value = values[row] ?? null;
    const key = plain ? value : groupKey(value, type);
    let code = known.get(key);
    if (code === undefined) {
      code = known.size;
      known.set(key, code);
    }
    codes[row] = code;
    if (row % CHUNK === 0) budget.tick(CHUNK);
  }
  return { codes, count: known.size };
}

/** Pairs of codes get new codes; a flat array finds them while it stays small, a Map otherwise. */
function combine(left: Codes, right: Codes, budget: Budget): Codes {
  budget.tick(left.codes.length);
  const cells = left.count * right.count;
  return cells <= 4 * left.codes.length + 1024 ? combineFlat(left, right, cells) : combineSparse(left, right);
}

function combineFlat(left: Codes, right: Codes, cells: number): Codes {
  const known = new Int32Array(cells).fill(-1);
  const codes = new Int32Array(left.codes.length);
  let count = 0;
  for (let row = 0; row < codes.length; row += 1) {
    const cell = (left.codes[row] as number) * right.count + (right.codes[row] as number);
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

function combineSparse(left: Codes, right: Codes): Codes {
  const known = new Map<number, number>();
  const codes = new Int32Array(left.codes.length);
  for (let row = 0; row < codes.length; row += 1) {
    const cell = (left.codes[row] as number) * right.count + (right.codes[row] as number);
    let code = known.get(cell);
    if (code === undefined) {
      code = known.size;
      known.set(cell, code);
    }
    codes[row] = code;
  }
  return { codes, count: known.size };
}

function firstRows({ codes, count }: Codes): Selection {
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
