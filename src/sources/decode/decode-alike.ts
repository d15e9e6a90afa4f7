import { beginValue, type Decoding, endRow } from './decode-state.ts';
import { readAlike } from './read-alike.ts';
import { leaveBench, moveBench, type RowBench, rowBench, takeBench } from './row-bench.ts';
import { learnPattern, type RowPattern } from './row-pattern.ts';
import { CUT, TOLD_WORD, UNLIKE } from './row-reader.ts';
import { tellRead } from './tell-read.ts';

const OBJECT = 0x7b;
const ARRAY = 0x5b;
const COMMA = 0x2c;
/** Ways of writing rows that are remembered: Graph leaves out the type of what is null. */
const MOST_PATTERNS = 8;
/** Longer rows are no pattern. */
const LONGEST_PATTERN = 16 * 1024;
/** What a row that is like none before takes from the credit; every other row gives 1. */
const SURPRISE = 16;
const MOST_CREDIT = 1024;

/**
 * Takes rows as long as they are written like some row before: with the same names in the same order. Of such a row only the values that
 * differ are read, the rest is known from comparing bytes; it is a copy of the row before with these values, which is many times cheaper
 * than parsing all of it again. Where a row is like none or ends behind the chunk, it stands at its beginning, in the state of a row:
 * whoever parses rows one by one takes it. Returns the index behind what was taken.
 */
export function takeAlike(decoding: Decoding, chunk: Buffer, index: number): number {
  const bench = rowBench();
  if (bench === null) decoding.credit = -1;
  // Who was handed a row may decode another answer before the next.
  if (bench === null || bench.decoding !== null) return standAt(decoding, index);
  takeBench(bench, decoding, chunk, index);
  try {
    return takeRows(decoding, bench, index);
  } finally {
    leaveBench(bench, decoding);
  }
}

/** Makes a row that was parsed the pattern of those that are written like it. */
export function learnRow(decoding: Decoding, bytes: Buffer, row: Record<string, unknown>): void {
  decoding.learns = false;
  if (bytes.length > LONGEST_PATTERN) {
    decoding.credit -= SURPRISE;
    return;
  }
  const pattern = learnPattern(bytes, decoding.form, row, decoding.names);
  if (pattern === null) decoding.credit = -1;
  else decoding.patterns = [pattern, ...decoding.patterns.slice(0, MOST_PATTERNS - 1)];
}

function takeRows(decoding: Decoding, bench: RowBench, index: number): number {
  const { chunk } = bench;
  const opening = decoding.answer.hasCells ? ARRAY : OBJECT;
  let start = index;
  for (;;) {
    // Nothing of a row too many is read: what its bytes are is told by nobody.
    const end = decoding.rows === decoding.limits.maxRows ? UNLIKE : takeByPattern(decoding, bench, start);
    if (end >= 0) {
      if (chunk[end] !== COMMA || chunk[end + 1] !== opening) return endRow(decoding, end);
      start = end + 1;
    }
    if (end === UNLIKE || !mayGoOn(decoding, bench, start, end)) return standAt(decoding, start);
  }
}

/** Whether more rows may be read from `start` on, behind those that ended at `end`: not where the chunk, or the bench, ends within the one there. */
function mayGoOn(decoding: Decoding, bench: RowBench, start: number, end: number): boolean {
  const { chunk } = bench;
  const isCut = end === CUT || bench.reader.words[TOLD_WORD + 2] === CUT;
  if (!isCut) return true;
  if (bench.to === chunk.length) return false;
  if (start === bench.from) {
    decoding.credit -= SURPRISE;
    return false;
  }
  moveBench(bench, decoding, start);
  return true;
}

function standAt(decoding: Decoding, index: number): number {
  beginValue(decoding, index, true);
  return index;
}

/**
 * Takes rows from `start` on by the first pattern that they follow: the end of the last; CUT; or UNLIKE, and then a pattern is learnt from
 * the one there.
 */
function takeByPattern(decoding: Decoding, bench: RowBench, start: number): number {
  const { patterns, unlike } = decoding;
  decoding.unlike = null;
  let place = -1;
  for (const pattern of patterns) {
    place++;
    const end = pattern === unlike ? UNLIKE : readAlike(decoding, bench, pattern, start + bench.offset);
    if (end === UNLIKE) continue;
    if (end === CUT) return CUT;
    notePlace(decoding, bench, pattern, place);
    tellRead(decoding, bench, pattern);
    return end - bench.offset;
  }
  if (patterns.length > 0) decoding.credit -= SURPRISE;
  decoding.learns = true;
  return UNLIKE;
}

/** What the rows that were read say of the order of patterns, and of what they cost. */
function notePlace(decoding: Decoding, bench: RowBench, pattern: RowPattern, place: number): void {
  const { words } = bench.reader;
  const rows = words[TOLD_WORD] as number;
  // Each pattern that was tried in vain took as long as a row: the first is one that two rows in succession followed.
  decoding.credit = Math.min(MOST_CREDIT, decoding.credit + rows - place);
  if (place > 0 && (rows > 1 || decoding.pattern === pattern))
    decoding.patterns = [pattern, ...decoding.patterns.filter((one) => one !== pattern)];
  decoding.pattern = pattern;
  // The row behind them is not tried by it again.
  if (words[TOLD_WORD + 2] === UNLIKE) decoding.unlike = pattern;
}
