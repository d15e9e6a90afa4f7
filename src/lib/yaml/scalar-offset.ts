import type { Scalar } from 'yaml';

/** One unit of a double-quoted scalar: what it stands for is white space, or not, and how long it is. */
const ESCAPE = /^\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\r?\n|[\s\S])/;
const BLANK_ESCAPES = new Set(['\\t', '\\n', '\\r', '\\v', '\\f', '\\ ', '\\_', '\\N', '\\L', '\\P', '\\\n', '\\\r\n']);
const WIDE_ESCAPE = /^\\U(?!0000)/;
const BLANK = /\s/;

/**
 * The offset in the file of an offset in a scalar's value, whatever its style. Folding and indentation change white space only, so
 * the n-th visible character of the value is the n-th visible one of the source. White space maps to what is visible behind it.
 */
export function sourceOffset(source: string, scalar: Scalar, offset: number): number {
  const { places, ranks } = scalarOutline(source, scalar);
  const rank = ranks[Math.min(offset, ranks.length - 1)] ?? 0;
  const last = places.at(-1);
  return places[rank] ?? (last === undefined ? (scalar.range?.[0] ?? 0) : last + 1);
}

/** Where the visible characters of a scalar stand. */
export interface Outline {
  /** Source offsets of the visible UTF-16 units, in order. */
  readonly places: readonly number[];
  /** How many of them stand before each offset of the value, its end included. */
  readonly ranks: Uint32Array;
}

/** A long query may have thousands of findings, each with a place. */
const outlines = new WeakMap<Scalar, Outline>();

export function scalarOutline(source: string, scalar: Scalar): Outline {
  const known = outlines.get(scalar);
  if (known) return known;
  const [start, end] = scalar.range ?? [0, 0];
  const from = contentStart(source, scalar, start);
  const places = visiblePlaces(source, from, contentEnd(scalar, end), scalar.type ?? 'PLAIN');
  const outline = { places, ranks: visibleRanks(String(scalar.value ?? '')) };
  outlines.set(scalar, outline);
  return outline;
}

/**
 * Where lines of the file were joined into one: the offsets in the value of what stood first on such a line. null for a scalar that
 * keeps its lines (`|`), or has only one and is not `>`, and for one in double quotes that says its lines by `\n`: where those of the file
 * end in it, a program has cut what was too long.
 */
export function foldsIn(source: string, scalar: Scalar): readonly number[] | null {
  const [start, end] = scalar.range ?? [0, 0];
  const style = scalar.type ?? 'PLAIN';
  if (style === 'BLOCK_LITERAL') return null;
  const from = contentStart(source, scalar, start);
  if (style === 'QUOTE_DOUBLE' && /(?<!\\)(?:\\\\)*\\n/.test(source.slice(from, end))) return null;
  if (style !== 'BLOCK_FOLDED' && !source.slice(from, end).includes('\n')) return null;
  const { places } = scalarOutline(source, scalar);
  const text = String(scalar.value ?? '');
  const folds: number[] = [];
  let before = 0;
  let rank = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (BLANK.test(text[at] ?? '')) continue;
    const isJoined = !text.slice(before, at).includes('\n');
    if (rank > 0 && isJoined && source.slice(places[rank - 1], places[rank]).includes('\n')) folds.push(at);
    before = at;
    rank += 1;
  }
  return folds;
}

function contentStart(source: string, scalar: Scalar, start: number): number {
  if (scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED') return source.indexOf('\n', start) + 1;
  return isQuoted(scalar) ? start + 1 : start;
}

function contentEnd(scalar: Scalar, end: number): number {
  return isQuoted(scalar) ? end - 1 : end;
}

function isQuoted(scalar: Scalar): boolean {
  return scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE';
}

function visibleRanks(text: string): Uint32Array {
  const ranks = new Uint32Array(text.length + 1);
  for (let index = 0; index < text.length; index++) {
    ranks[index + 1] = (ranks[index] ?? 0) + (BLANK.test(text[index] ?? '') ? 0 : 1);
  }
  return ranks;
}

/** Source offsets of the visible UTF-16 units of the scalar's value, in order. */
function visiblePlaces(source: string, start: number, end: number, style: string): number[] {
  const places: number[] = [];
  for (let at = start; at < end; ) {
    const unit = unitAt(source, at, style);
    for (let count = 0; count < unit.visible; count++) places.push(at);
    at += unit.length;
  }
  return places;
}

function unitAt(source: string, at: number, style: string): { readonly length: number; readonly visible: number } {
  const char = source[at] ?? '';
  if (style === 'QUOTE_SINGLE' && char === "'") return { length: 2, visible: 1 };
  if (style !== 'QUOTE_DOUBLE' || char !== '\\') return { length: 1, visible: BLANK.test(char) ? 0 : 1 };
  const unit = ESCAPE.exec(source.slice(at, at + 10))?.[0] ?? char;
  if (BLANK_ESCAPES.has(unit) || isBlankCode(unit)) return { length: unit.length, visible: 0 };
  return { length: unit.length, visible: WIDE_ESCAPE.test(unit) ? 2 : 1 };
}

function isBlankCode(unit: string): boolean {
  const digits = /^\\[xuU]([0-9A-Fa-f]+)$/.exec(unit)?.[1];
  return digits !== undefined && BLANK.test(String.fromCharCode(Number.parseInt(digits, 16)));
}
