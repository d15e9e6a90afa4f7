import { beginValue, type Decoding, endRow } from './decode-state.ts';
import { readAlike } from './read-alike.ts';
import { CUT, keepPlace, learnPattern, UNLIKE } from './row-pattern.ts';
import { takeChanges } from './take-changes.ts';

const OBJECT = 0x7b;
const COMMA = 0x2c;
/** Ways of writing rows that are remembered: Graph leaves out the type of what is null. */
const MOST_PATTERNS = 8;
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
  let start = index;
  for (;;) {
    // Nothing of a row too many is read: what its bytes are is told by nobody.
    const end = decoding.rows === decoding.limits.maxRows ? UNLIKE : readByPattern(decoding, chunk, start);
    if (end === CUT || end === UNLIKE) {
      beginValue(decoding, start, true);
      return start;
    }
    tellAlike(decoding, start, end);
    if (chunk[end] !== COMMA || chunk[end + 1] !== OBJECT) return endRow(decoding, end);
    start = end + 1;
  }
}

/** Makes a row that was parsed the pattern of those that are written like it. */
export function learnRow(decoding: Decoding, bytes: Buffer, row: Record<string, unknown>): void {
  decoding.learns = false;
  const pattern = learnPattern(bytes, decoding.form, row);
  if (pattern === null) decoding.credit = -1;
  else decoding.patterns = [pattern, ...decoding.patterns.slice(0, MOST_PATTERNS - 1)];
}

/** The end of the row at `start`, read by the first pattern that it follows; CUT; or UNLIKE, and then a pattern is learnt from it. */
function readByPattern(decoding: Decoding, chunk: Buffer, start: number): number {
  const { patterns } = decoding;
  let place = -1;
  for (const pattern of patterns) {
    place++;
    const end = readAlike(decoding, pattern, chunk, start);
    if (end === UNLIKE) continue;
    if (end !== CUT && place > 0) {
      // Each that was tried in vain took as long as a row.
      decoding.credit -= place;
      decoding.patterns = [pattern, ...patterns.filter((one) => one !== pattern)];
    }
    return end;
  }
  if (patterns.length > 0) decoding.credit -= SURPRISE;
  decoding.learns = true;
  return UNLIKE;
}

function tellAlike(decoding: Decoding, start: number, end: number): void {
  const [pattern] = decoding.patterns;
  if (!pattern) return;
  takeChanges(pattern, decoding.gathered);
  keepPlace(pattern, decoding.view, start, end);
  decoding.rows++;
  if (decoding.credit < MOST_CREDIT) decoding.credit++;
  decoding.sink.row({ ...pattern.template });
}
