import type { Decoding } from './decode-state.ts';
import type { RowBench } from './row-bench.ts';
import { keepPlace, type RowPattern } from './row-pattern.ts';
import { MOST_ROWS, TOLD_WORD } from './row-reader.ts';

/**
 * Reads rows from the address `start` on by a pattern: the address behind the last, CUT or UNLIKE. As far as a row's bytes equal those of
 * the row before, it says the same; where they differ within a value, that value is read, and comparing goes on behind it. What differs
 * between values is another way of writing rows.
 */
export function readAlike(decoding: Decoding, bench: RowBench, pattern: RowPattern, start: number): number {
  const { limits, rows } = decoding;
  const { reader } = bench;
  const { at, end, spotsAt, nextAt, spots } = pattern;
  const behind = reader.readRows(
    at,
    end,
    spotsAt,
    spotsAt + spots.byteLength,
    nextAt,
    start,
    bench.to + bench.offset,
    Math.min(MOST_ROWS, limits.maxRows - rows),
    // Lists and objects are not counted here: a row this short cannot hold too many of them.
    Math.min(limits.maxRowBytes, 2 * limits.maxContainers, 2 ** 30),
  );
  const { words } = reader;
  if (behind >= 0) keepPlace(pattern, words[TOLD_WORD] as number, words[TOLD_WORD + 3] as number, behind);
  return behind;
}
