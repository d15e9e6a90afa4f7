import { type Decoding, decodedText } from './decode-state.ts';
import { gatherText } from './gather-text.ts';
import { isLongInteger, isNumberByte, quoteLongIntegers } from './parse-lossless.ts';
import { CLOSED, CUT, NOT_GATHERED, OPEN, type RowPattern, UNLIKE } from './row-pattern.ts';
import { createCut, QUOTE, scanContainer, scanString } from './scan-json.ts';

const OBJECT = 0x7b;
const ARRAY = 0x5b;
const OBJECT_END = 0x7d;
const ZERO = 0x30;
/** So many digits fit in a double whatever they are. */
const EXACT_DIGITS = 15;
const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Reads the value at `begin` in the place of the pattern's at `spot`: the index behind it, CUT where the chunk ends before that can be
 * known, UNLIKE where it is no JSON or beyond the limits.
 */
export function readValue(decoding: Decoding, pattern: RowPattern, chunk: Buffer, spot: number, begin: number): number {
  const first = chunk[begin] as number;
  if (first === QUOTE) {
    const end = gatherText(decoding.gathered, decoding.view, begin + 1);
    if (end < 0) return readText(decoding, pattern, chunk, spot, begin);
    pattern.textEnds[pattern.changes] = decoding.gathered.length;
    keepPlaceOf(pattern, spot, begin, end, CLOSED);
    return end;
  }
  if (isNumberByte(first)) return readNumber(pattern, chunk, spot, begin);
  if (first === OBJECT || first === ARRAY) return readNested(decoding, pattern, chunk, spot, begin);
  return readWord(pattern, chunk, spot, begin);
}

function keepPlaceOf(pattern: RowPattern, spot: number, begin: number, end: number, kind: number): void {
  const { nextSpots } = pattern;
  nextSpots[spot] = begin;
  nextSpots[spot + 1] = end;
  nextSpots[spot + 2] = kind;
  pattern.changed[pattern.changes] = spot;
  pattern.changes++;
}

function keepValue(
  pattern: RowPattern,
  spot: number,
  begin: number,
  end: number,
  kind: number,
  value: unknown,
): number {
  if (value === undefined) return UNLIKE;
  pattern.values[pattern.changes] = value;
  pattern.textEnds[pattern.changes] = NOT_GATHERED;
  keepPlaceOf(pattern, spot, begin, end, kind);
  return end;
}

/** Text with any escapes, with characters that are no ASCII, or long. */
function readText(decoding: Decoding, pattern: RowPattern, chunk: Buffer, spot: number, begin: number): number {
  const end = scanString(createCut(), chunk, begin + 1);
  if (end < 0) return CUT;
  return keepValue(pattern, spot, begin, end, CLOSED, parsed(decoding, chunk.subarray(begin, end), false));
}

function readNested(decoding: Decoding, pattern: RowPattern, chunk: Buffer, spot: number, begin: number): number {
  const cut = createCut();
  const end = scanContainer(cut, chunk, begin);
  if (end < 0) return CUT;
  // The row itself is one level more.
  if (cut.deepest >= decoding.limits.maxDepth) return UNLIKE;
  const value = chunk[begin + 1] === OBJECT_END ? {} : parsed(decoding, chunk.subarray(begin, end), cut.longNumber);
  return keepValue(pattern, spot, begin, end, CLOSED, value);
}

function readNumber(pattern: RowPattern, chunk: Buffer, spot: number, begin: number): number {
  let value = 0;
  let end = begin;
  for (; end < chunk.length; end++) {
    const digit = (chunk[end] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (end === chunk.length) return CUT;
  const isPlain = end - begin <= EXACT_DIGITS && (end === begin + 1 || chunk[begin] !== ZERO);
  if (isPlain && end > begin && !isNumberByte(chunk[end] as number))
    return keepValue(pattern, spot, begin, end, OPEN, value);
  return readAnyNumber(pattern, chunk, spot, begin);
}

function readAnyNumber(pattern: RowPattern, chunk: Buffer, spot: number, begin: number): number {
  let end = begin;
  while (end < chunk.length && isNumberByte(chunk[end] as number)) end++;
  if (end === chunk.length) return CUT;
  const text = chunk.toString('latin1', begin, end);
  const value = isLongInteger(text) ? text : parsedOrNone(text);
  return keepValue(pattern, spot, begin, end, OPEN, value);
}

function readWord(pattern: RowPattern, chunk: Buffer, spot: number, begin: number): number {
  const length = chunk[begin] === 0x66 ? 5 : 4;
  const end = begin + length;
  if (end >= chunk.length) return CUT;
  const value = WORDS.get(chunk.toString('latin1', begin, end));
  return keepValue(pattern, spot, begin, end, OPEN, value);
}

/** Undefined where it is no JSON. */
function parsed(decoding: Decoding, bytes: Buffer, longNumber: boolean): unknown {
  const text = decodedText(decoding, bytes);
  return parsedOrNone(longNumber ? quoteLongIntegers(bytes) : text);
}

function parsedOrNone(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
