import type { ScalarFunction, Value } from '../../value.ts';
import { define, defineFor } from '../define.ts';

/** Levels below the base cells. */
const FINEST = 15;
const BASE_CELLS = 122;
/** Base cells with five neighbours: their middle child is one as well, and they lack the child with digit 1. */
const PENTAGONS: ReadonlySet<number> = new Set([4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117]);
const UNUSED = 7;
/** As many levels may lie between a cell and its children. */
const DEEPEST = 5;

/** A cell of the H3 grid: its base cell and the way down to it, a digit (0 to 6) a level. */
interface Cell {
  readonly base: number;
  readonly digits: readonly number[];
}

/** Bits of an index from the top: 1 unused, 4 mode (1: a cell), 3 unused, 4 level, 7 base cell, 15 digits of 3 bits. */
function readCell(token: string): Cell | null {
  if (!/^[0-9a-fA-F]{15}$/.test(token)) return null;
  const index = BigInt(`0x${token}`);
  const part = (shift: number, bits: number): number => Number((index >> BigInt(shift)) & ((1n << BigInt(bits)) - 1n));
  const [level, base] = [part(52, 4), part(45, 7)];
  const all = Array.from({ length: FINEST }, (_, at) => part(42 - 3 * at, 3));
  const [digits, rest] = [all.slice(0, level), all.slice(level)];
  if (part(56, 8) !== 8 || base >= BASE_CELLS || digits.includes(UNUSED) || rest.some((one) => one !== UNUSED))
    return null;
  return PENTAGONS.has(base) && digits.find((one) => one > 0) === 1 ? null : { base, digits };
}

function tokenOf({ base, digits }: Cell): string {
  const head = (8n << 56n) | (BigInt(digits.length) << 52n) | (BigInt(base) << 45n);
  const index = Array.from({ length: FINEST }, (_, at) => BigInt(digits[at] ?? UNUSED) << BigInt(42 - 3 * at));
  return index.reduce((sum, one) => sum | one, head).toString(16);
}

/** The level of a cell, 0 to 15; null where no cell has that token. */
export function levelOfCell(token: string): number | null {
  return readCell(token)?.digits.length ?? null;
}

function parent(token: string, wanted?: number): Value {
  const cell = readCell(token);
  const target = wanted ?? (cell?.digits.length ?? 0) - 1;
  if (!cell || !(target >= 0 && target <= cell.digits.length)) return null;
  return tokenOf({ base: cell.base, digits: cell.digits.slice(0, target) });
}

/** The cells one level below, in the order of their digits. */
function below(cell: Cell): Cell[] {
  const isPentagon = PENTAGONS.has(cell.base) && cell.digits.every((digit) => digit === 0);
  const digits = isPentagon ? [0, 2, 3, 4, 5, 6] : [0, 1, 2, 3, 4, 5, 6];
  return digits.map((digit) => ({ base: cell.base, digits: [...cell.digits, digit] }));
}

function children(token: string, wanted?: number): string[] | null {
  const cell = readCell(token);
  if (!cell) return null;
  const target = wanted ?? cell.digits.length + 1;
  const levels = target - cell.digits.length;
  if (!(levels >= 0 && levels <= DEEPEST && target <= FINEST)) return null;
  let cells = [cell];
  for (let step = 0; step < levels; step += 1) cells = cells.flatMap(below);
  return cells.map(tokenOf);
}

/** The levels of the H3 grid, by the bits of its indexes. */
export const H3: readonly ScalarFunction[] = [
  define('geo_h3cell_level', ['string'], levelOfCell),
  define('geo_h3cell_parent', ['string', 'index?'], parent),
  defineFor('geo_h3cell_children', ['string', 'index?'], ({ context }) => (token, wanted) => {
    const cells = children(token, wanted);
    context.spend(cells?.length ?? 0);
    return cells;
  }),
];
