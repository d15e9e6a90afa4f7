import type { Decoding } from './decode-state.ts';
import type { RowBench } from './row-bench.ts';
import type { RowPattern } from './row-pattern.ts';
import { UNLIKE } from './row-reader.ts';

/**
 * Reads the row at the address `start` by a pattern: the address behind it, CUT or UNLIKE. As far as its bytes equal those of the row
 * before, it says the same; where they differ within a value, that value is read, and comparing goes on behind it. What differs between
 * values is another way of writing rows.
 */
export function readAlike(decoding: Decoding, bench: RowBench, pattern: RowPattern, start: number): number {
  const { at, end, spotsAt, nextAt, spots } = pattern;
  const behind = bench.reader.readRow(
    at,
    end,
    spotsAt,
    spotsAt + spots.byteLength,
    nextAt,
    start,
    bench.to + bench.offset,
  );
  return behind < 0 || lengthAllowed(decoding, behind - start) ? behind : UNLIKE;
}

/** Lists and objects are not counted here: a row this short cannot hold too many of them. */
function lengthAllowed(decoding: Decoding, length: number): boolean {
  const { maxRowBytes, maxContainers } = decoding.limits;
  return length <= maxRowBytes && length <= 2 * maxContainers;
}
