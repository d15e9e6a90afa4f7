import type { Scalar } from 'yaml';
import { scalarOutline } from './scalar-offset.ts';

/** A text value of a file, and how offsets in it and in the file belong together. */
export interface ScalarText {
  readonly text: string;
  /** Where its content begins and ends in the file. */
  readonly start: number;
  readonly end: number;
  /** Whether each of its lines is a line of the file (`|`), behind this many spaces; null: it is written in another style. */
  readonly indent: number | null;
  toSource(offset: number): number;
  toValue(at: number): number;
}

export function scalarText(source: string, scalar: Scalar): ScalarText {
  const { type, range } = scalar;
  const [from, to] = [range?.[0] ?? 0, range?.[1] ?? 0];
  if (type === 'BLOCK_LITERAL') return literalText(source, from, to);
  const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const start = type === 'BLOCK_FOLDED' ? source.indexOf('\n', from) + 1 : from + Number(isQuoted);
  return joinedText(source, scalar, { start, end: Math.max(start, to - Number(isQuoted && to > start)) });
}

interface LiteralLine {
  readonly at: number;
  readonly offset: number;
  readonly length: number;
}

/** What was typed last is kept, also where YAML drops it: blank lines at the end. */
function literalText(source: string, from: number, to: number): ScalarText {
  const head = source.indexOf('\n', from);
  const start = head < 0 || head >= to ? to : head + 1;
  const said = /^[|>][-+]?([1-9])/.exec(source.slice(from, start))?.[1];
  const raw = source.slice(start, to).split('\n');
  const first = raw.find((line) => line.trim() !== '');
  const own = /^ */.exec(first ?? '')?.[0].length ?? 0;
  const indent = said === undefined ? own : Math.min(own, parentIndent(source, from) + Number(said));
  const lines: LiteralLine[] = [];
  const parts: string[] = [];
  let [at, offset] = [start, 0];
  for (const line of raw) {
    const skipped = Math.min(indent, /^ */.exec(line)?.[0].length ?? 0);
    const part = line.slice(skipped).replace(/\r$/, '');
    lines.push({ at: at + skipped, offset, length: part.length });
    parts.push(part);
    at += line.length + 1;
    offset += part.length + 1;
  }
  return { text: parts.join('\n'), start, end: to, indent, ...mapOf(lines) };
}

function mapOf(lines: readonly LiteralLine[]): Pick<ScalarText, 'toSource' | 'toValue'> {
  const holding = (key: 'at' | 'offset', value: number): LiteralLine | undefined => {
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lines[middle]?.[key] ?? 0) <= value) low = middle;
      else high = middle - 1;
    }
    return lines[low];
  };
  return {
    toSource: (offset) => {
      const line = holding('offset', offset);
      return line ? line.at + Math.min(offset - line.offset, line.length) : 0;
    },
    toValue: (at) => {
      const line = holding('at', at);
      return line ? line.offset + Math.min(Math.max(0, at - line.at), line.length) : 0;
    },
  };
}

function parentIndent(source: string, from: number): number {
  const line = source.slice(source.lastIndexOf('\n', from - 1) + 1, from);
  return /^[ -]*/.exec(line)?.[0].length ?? 0;
}

/** Of a text whose white space is not that of the file: visible characters belong together, and what is between them as far as it goes. */
function joinedText(
  source: string,
  scalar: Scalar,
  span: { readonly start: number; readonly end: number },
): ScalarText {
  const text = String(scalar.value ?? '');
  const { places, ranks } = scalarOutline(source, scalar);
  const behind = (at: number): number => places[at] ?? (places.at(-1) ?? span.start - 1) + 1;
  return {
    text,
    ...span,
    indent: null,
    toSource: (offset) => behind(ranks[Math.min(offset, text.length)] ?? 0),
    toValue: (at) => {
      const rank = lowerBound(places, at);
      const first = lowerBound(ranks, rank);
      const last = lowerBound(ranks, rank + 1) - 1;
      const blanks = rank === 0 ? 0 : at - (places[rank - 1] ?? 0) - 1;
      return Math.min(first + Math.max(0, blanks), Math.max(first, last), text.length);
    },
  };
}

/** The first index whose value is not below the given one; the length where all are. */
function lowerBound(values: ArrayLike<number>, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
