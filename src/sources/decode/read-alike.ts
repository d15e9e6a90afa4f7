import type { Decoding } from './decode-state.ts';
import { firstDifference } from './equal-bytes.ts';
import { readValue } from './read-value.ts';
import { CUT, OPEN, type RowPattern, SPOT, UNLIKE } from './row-pattern.ts';

/**
 * Reads the row at `start` by a pattern: its end, CUT or UNLIKE. As far as its bytes equal those of the row before, it says the same;
 * where they differ within a value, that value is read, and comparing goes on behind it. What differs between values is another way of
 * writing rows. Keeps places and values of what differs in the pattern, whose own row stays as it is.
 */
export function readAlike(decoding: Decoding, pattern: RowPattern, chunk: Buffer, start: number): number {
  const { bytes, spots, end } = pattern;
  let from = pattern.start;
  let shift = start - from;
  let spot = 0;
  pattern.changes = 0;
  decoding.gathered.length = 0;
  for (;;) {
    const reach = Math.min(end, chunk.length - shift);
    const differs = firstDifference(bytes, from, reach, decoding.view, shift);
    spot = keepEqual(pattern, spot, differs, shift);
    if (differs === end) return lengthAllowed(decoding, end + shift - start) ? end + shift : UNLIKE;
    if (differs === reach) return CUT;
    if (spot === spots.length || differs < (spots[spot] as number)) return UNLIKE;
    const valueEnd = readValue(decoding, pattern, chunk, spot, (spots[spot] as number) + shift);
    if (valueEnd < 0) return valueEnd;
    from = spots[spot + 1] as number;
    shift = valueEnd - from;
    spot += SPOT;
  }
}

/** Keeps the places of values that lie before `differs` as a whole; the spot of the next one. */
function keepEqual(pattern: RowPattern, first: number, differs: number, shift: number): number {
  const { spots, nextSpots } = pattern;
  let spot = first;
  while (spot < spots.length) {
    const end = spots[spot + 1] as number;
    const kind = spots[spot + 2] as number;
    if (kind === OPEN ? end >= differs : end > differs) break;
    nextSpots[spot] = (spots[spot] as number) + shift;
    nextSpots[spot + 1] = end + shift;
    nextSpots[spot + 2] = kind;
    spot += SPOT;
  }
  return spot;
}

/** Lists and objects are not counted here: a row this short cannot hold too many of them. */
function lengthAllowed(decoding: Decoding, length: number): boolean {
  const { maxRowBytes, maxContainers } = decoding.limits;
  return length <= maxRowBytes && length <= 2 * maxContainers;
}
