import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';

/** One part of a `parse` pattern. */
export type PatternPart =
  | { readonly kind: 'star' }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'column'; readonly name: string; readonly type: string };

/** Takes a text apart: one value a column, or null where the text does not match. */
export type TextParser = (text: string) => readonly Value[] | null;

const NUMBER_PREFIX: Readonly<Record<string, RegExp>> = {
  int: /^\s*[+-]?\d+/,
  long: /^\s*[+-]?\d+/,
  real: /^\s*[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/,
  decimal: /^\s*[+-]?\d+(?:\.\d+)?/,
};

/** Where the parser stands in one text. */
interface Cursor {
  readonly text: string;
  position: number;
  readonly values: Value[];
  /** Whether a column's text did not fit its type. */
  unfit: boolean;
}

/**
 * The parser of `kind=simple` and `kind=relaxed`: literals are searched one after another, columns take what lies between.
 * Relaxed keeps the row where a value does not fit its column's type (null), simple does not.
 */
export function simpleParser(parts: readonly PatternPart[], relaxed: boolean): TextParser {
  const tokens = mergeStars(parts);
  return (text) => {
    const cursor: Cursor = { text, position: 0, values: [], unfit: false };
    const matched = run(tokens, cursor);
    return matched && (relaxed || !cursor.unfit) ? cursor.values : null;
  };
}

function mergeStars(parts: readonly PatternPart[]): PatternPart[] {
  return parts.filter((part, index) => part.kind !== 'star' || parts[index - 1]?.kind !== 'star');
}

function run(parts: readonly PatternPart[], cursor: Cursor): boolean {
  let index = 0;
  while (index < parts.length) {
    const part = parts[index] as PatternPart;
    const open = part.kind === 'literal' ? [] : openParts(parts, index);
    const literalAt = index + open.length;
    const literal = parts[literalAt];
    const isLast = literalAt === parts.length - 1;
    const end = literal?.kind === 'literal' ? place(cursor, literal.text, open.length > 0, isLast) : cursor.text.length;
    if (end < 0) return false;
    if (open.length === 0 && end !== cursor.position) return false;
    fill(open, cursor, end);
    cursor.position = end + (literal?.kind === 'literal' ? literal.text.length : 0);
    index = literalAt + 1;
  }
  return parts.at(-1)?.kind !== 'literal' || cursor.position === cursor.text.length;
}

/** Stars and columns up to the next literal. */
function openParts(parts: readonly PatternPart[], from: number): PatternPart[] {
  const end = parts.findIndex((part, index) => index >= from && part.kind === 'literal');
  return parts.slice(from, end < 0 ? parts.length : end);
}

/** Where the literal stands: at the cursor, at the very end where nothing may follow, or at its first place. */
function place(cursor: Cursor, literal: string, searches: boolean, isLast: boolean): number {
  if (!searches) return cursor.text.startsWith(literal, cursor.position) ? cursor.position : -1;
  if (!isLast) return cursor.text.indexOf(literal, cursor.position);
  const end = cursor.text.length - literal.length;
  return end >= cursor.position && cursor.text.endsWith(literal) ? end : -1;
}

/** Gives the text up to `end` to the columns: numbers take their digits where something else follows, the last one takes the rest. */
function fill(open: readonly PatternPart[], cursor: Cursor, end: number): void {
  open.forEach((part, index) => {
    if (part.kind !== 'column') return;
    const rest = cursor.text.slice(cursor.position, end);
    const taken = index === open.length - 1 ? rest : takenBy(part.type, rest, open[index + 1]?.kind === 'star');
    const value = fitted(taken, part.type);
    if (value === null && part.type !== 'string') cursor.unfit = true;
    cursor.values.push(value);
    cursor.position += taken.length;
  });
}

function takenBy(type: string, rest: string, beforeStar: boolean): string {
  const number = NUMBER_PREFIX[type];
  if (number) return number.exec(rest)?.[0] ?? '';
  return type === 'string' || !beforeStar ? '' : rest;
}

/** The text as the column's type; null where it does not fit. */
export function fitted(text: string, type: string): Value {
  if (type === 'string') return text;
  return converter('string', type)?.(text) ?? null;
}
