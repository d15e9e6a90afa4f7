import type { Budget } from '../budget.ts';
import type { Value } from '../value.ts';
import { type GroupKey, groupKey } from '../values/group-key.ts';
import type { Codes, Selection, TableColumn, Values } from './column.ts';

/** Types whose values are their own Map keys. */
const PLAIN: ReadonlySet<string> = new Set(['string', 'bool', 'int', 'long', 'real', 'datetime', 'timespan', 'guid']);
const CHUNK = 4096;
/** Codes of shorter lists are made again rather than kept. */
const KEPT_FROM = 4096;

/** Codes by the list of values they were made from: values never change, and most lists are a stored column, asked for in every query. */
const kept = new WeakMap<Values, Codes>();

/** Whether the values of a type are their own Map keys. */
export function isPlain(type: string): boolean {
  return PLAIN.has(type);
}

/** The codes of a list where they have been made before. */
export function keptCodes(values: Values, rowCount: number): Codes | null {
  const codes = kept.get(values);
  return codes?.codes.length === rowCount ? codes : null;
}

/** The codes of a column; those of another one that it shares are taken unless they are far more than its rows. */
export function codesOf(column: TableColumn, rowCount: number, budget: Budget): Codes {
  const shared = column.codes?.(false);
  if (shared && shared.distinct.length <= 4 * rowCount + 1024) return shared;
  return encode(column.values(), column.type, rowCount, budget);
}

/** Makes the codes of a list, in the order of their first rows. */
export function encode(values: Values, type: string, rowCount: number, budget: Budget): Codes {
  const plain = PLAIN.has(type);
  const before = plain ? keptCodes(values, rowCount) : null;
  if (before) return before;
  budget.tick(rowCount);
  const made = (plain && encodeNear(values, rowCount)) || encodeAny(values, plain ? null : type, rowCount, budget);
  if (plain && rowCount >= KEPT_FROM) kept.set(values, made);
  return made;
}

function encodeAny(values: Values, type: string | null, rowCount: number, budget: Budget): Codes {
  const codes = new Int32Array(rowCount);
  const known = new Map<unknown, number>();
  const distinct: Value[] = [];
  for (let row = 0; row < rowCount; row += 1) {
    const value = values[row] ?? null;
    const key = type === null ? value : groupKey(value, type);
    let code = known.get(key);
    if (code === undefined) {
      code = distinct.length;
      known.set(key, code);
      distinct.push(value);
    }
    codes[row] = code;
    if (row % CHUNK === 0) budget.tick(CHUNK);
  }
  return { codes, distinct };
}

/** Whole numbers that lie near each other are found by place; null for other values. */
function encodeNear(values: Values, rowCount: number): Codes | null {
  const range = rangeOf(values, rowCount);
  if (!range) return null;
  const { least, size } = range;
  const known = new Int32Array(size).fill(-1);
  const codes = new Int32Array(rowCount);
  const distinct: Value[] = [];
  for (let row = 0; row < rowCount; row += 1) {
    const place = (values[row] as number) - least;
    let code = known[place] as number;
    if (code < 0) {
      code = distinct.length;
      known[place] = code;
      distinct.push(values[row] as number);
    }
    codes[row] = code;
  }
  return { codes, distinct };
}

function rangeOf(values: Values, rowCount: number): { readonly least: number; readonly size: number } | null {
  const most = 4 * rowCount + 1024;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rowCount; row += 1) {
    const value = values[row];
    if (typeof value !== 'number' || !Number.isInteger(value)) return null;
    if (value < low) low = value;
    if (value > high) high = value;
    if (high - low > most) return null;
  }
  return rowCount === 0 ? null : { least: low, size: high - low + 1 };
}

const indexes = new WeakMap<Codes, ReadonlyMap<GroupKey, number>>();

/** The codes by the keys of their values; kept as long as the codes are. */
export function indexOf(codes: Codes, type: string): ReadonlyMap<GroupKey, number> {
  const known = indexes.get(codes);
  if (known) return known;
  const index = new Map<GroupKey, number>();
  for (const [code, value] of codes.distinct.entries()) index.set(groupKey(value, type), code);
  indexes.set(codes, index);
  return index;
}

/** The codes of the selected rows; -1 is a row whose value is missing. */
export function gatherCodes({ codes, distinct }: Codes, selection: Selection, missing: Value): Codes {
  const gathered = new Int32Array(selection.length);
  let gaps = false;
  for (let index = 0; index < gathered.length; index += 1) {
    const row = selection[index] as number;
    gathered[index] = row < 0 ? -1 : (codes[row] as number);
    gaps ||= row < 0;
  }
  if (!gaps) return { codes: gathered, distinct };
  const known = distinct.indexOf(missing);
  const code = known < 0 ? distinct.length : known;
  for (let index = 0; index < gathered.length; index += 1) if (gathered[index] === -1) gathered[index] = code;
  return { codes: gathered, distinct: known < 0 ? [...distinct, missing] : distinct };
}

const SAMPLE = 4096;
/** Of so many sampled texts at most this share may differ for codes to pay. */
const MOST_DISTINCT = 0.9;

/** The codes of a list of texts, made where that pays because the texts repeat. */
export function codesOfTexts(values: Values, rowCount: number, budget: Budget): Codes | null {
  const before = keptCodes(values, rowCount);
  if (before) return repeats(before) ? before : null;
  if (rowCount < KEPT_FROM || distinctShare(values, rowCount) > MOST_DISTINCT) return null;
  const made = encode(values, 'string', rowCount, budget);
  return repeats(made) ? made : null;
}

/** Up to this share of sampled texts that differ, the first query gains by codes; beyond it, making them takes longer than looking at each once. */
const FEW_DISTINCT = 0.25;
/** By list, the rows of the run that looked at its texts one by one. */
const lookedAt = new WeakMap<Values, object>();

/** Whether codes of texts pay for who looks at each once: where few differ at once, else when rows of a later run look at the list again. */
export function paysToCode(values: Values, rowCount: number, rows: object): boolean {
  if (rowCount < KEPT_FROM) return false;
  const before = lookedAt.get(values);
  if (before !== undefined) return before !== rows;
  if (distinctShare(values, rowCount) <= FEW_DISTINCT) return true;
  lookedAt.set(values, rows);
  return false;
}

function repeats({ codes, distinct }: Codes): boolean {
  return distinct.length * 2 <= codes.length;
}

/** How many of the sampled texts differ, of all of them. */
function distinctShare(values: Values, rowCount: number): number {
  const step = rowCount / SAMPLE;
  const seen = new Set<Value>();
  for (let index = 0; index < SAMPLE; index += 1) seen.add(values[Math.floor(index * step)] ?? null);
  return seen.size / SAMPLE;
}
