import { isUtf8 } from 'node:buffer';
import { type Decoding, decodedText } from './decode-state.ts';
import { quoteLongIntegers } from './parse-lossless.ts';
import { rowOf } from './row-cells.ts';
import { QUOTE } from './scan-json.ts';

/** What a batch is cut to: many rows, yet small enough that its objects die young. */
const LARGEST_BATCH = 128 * 1024;
/** With no second row within so many bytes, guessing costs more than it saves. */
const WORTHWHILE = 16 * 1024;
const LONGEST_NAME = 200;

/**
 * Tries to take many rows at once, from `index` (the opening brace of a row) to the last place in the chunk that looks like the end
 * of one. A guess, but a safe one: an object's text is never the beginning of another object's text, so that whatever parses as a
 * list of objects is exactly these rows. Returns the index behind the last row, or -1 where the guess failed; byte-wise scanning then
 * does the same work more slowly, for the rest of the body.
 */
export function takeBatch(decoding: Decoding, chunk: Buffer, index: number): number {
  const region = chunk.subarray(index, index + LARGEST_BATCH);
  const between = decoding.answer.hasCells ? '],[' : betweenRows(region);
  const found = between === null ? -1 : region.lastIndexOf(between, undefined, 'latin1');
  if (found < 0) {
    decoding.guesses = region.length < (between === null ? LONGEST_NAME : WORTHWHILE);
    return -1;
  }
  const last = index + found;
  const rows = parseRows(decoding, chunk, index, last + 1);
  if (rows === null) {
    decoding.guesses = false;
    return -1;
  }
  for (const row of rows) {
    if (decoding.rows === decoding.limits.maxRows) {
      decoding.full = true;
      break;
    }
    decoding.rows++;
    decoding.sink.row(decoding.form.normalize(rowOf(decoding, row)));
  }
  return last + 1;
}

/** `},{"Name"`: what stands between two rows that begin with the same member; a quote inside a string would be escaped. */
function betweenRows(region: Buffer): string | null {
  const end = region.subarray(0, LONGEST_NAME).indexOf('"', 2);
  return region[1] === QUOTE && end > 0 ? `},${region.toString('latin1', 0, end + 1)}` : null;
}

function parseRows(decoding: Decoding, chunk: Buffer, start: number, end: number): readonly unknown[] | null {
  try {
    const bytes = chunk.subarray(start, end);
    // Which row holds bytes that are no text, and whether it is still wanted, is seen where rows are parsed one by one.
    if (!isUtf8(bytes)) return null;
    const text = decodedText(decoding, bytes);
    const rows = JSON.parse(`[${decoding.longNumbers ? quoteLongIntegers(bytes) : text}]`) as readonly unknown[];
    if (rows.every((row) => isExact(row, decoding.limits.maxDepth))) return rows;
  } catch {
    return null;
  }
  if (decoding.longNumbers) return null;
  decoding.longNumbers = true;
  return parseRows(decoding, chunk, start, end);
}

/** Whether no number in the value may have lost digits, and it is not nested deeper than allowed. */
function isExact(value: unknown, depthLeft: number): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft <= 0) return false;
  const members = Array.isArray(value) ? value : Object.values(value);
  for (let index = 0; index < members.length; index++) {
    const member: unknown = members[index];
    if (typeof member !== 'string' && !isExact(member, depthLeft - 1)) return false;
  }
  return true;
}
