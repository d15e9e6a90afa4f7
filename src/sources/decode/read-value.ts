import { type Decoding, decodedText } from './decode-state.ts';
import { isLongInteger, isNumberByte, quoteLongIntegers } from './parse-lossless.ts';
import { CUT, UNLIKE } from './row-reader.ts';
import { createCut, QUOTE, scanContainer, scanString } from './scan-json.ts';

const OBJECT = 0x7b;
const ARRAY = 0x5b;
const OBJECT_END = 0x7d;
const WORDS = [true, false, null].map((value) => ({ value, bytes: Buffer.from(String(value)) }));

/** What was read of a value; undefined: it is no JSON. */
export interface ReadValue {
  value: unknown;
}

/**
 * Reads the value at `begin` into `read`: the index behind it, CUT where the chunk ends before that can be known, UNLIKE where it is no
 * JSON or beyond the limits.
 */
export function readValue(decoding: Decoding, chunk: Buffer, begin: number, read: ReadValue): number {
  const end = readAny(decoding, chunk, begin, read);
  return end >= 0 && read.value === undefined ? UNLIKE : end;
}

function readAny(decoding: Decoding, chunk: Buffer, begin: number, read: ReadValue): number {
  const first = chunk[begin] as number;
  if (first === QUOTE) return readText(decoding, chunk, begin, read);
  if (isNumberByte(first)) return readNumber(chunk, begin, read);
  if (first === OBJECT || first === ARRAY) return readNested(decoding, chunk, begin, read);
  return readWord(chunk, begin, read);
}

function readText(decoding: Decoding, chunk: Buffer, begin: number, read: ReadValue): number {
  const end = scanString(createCut(), chunk, begin + 1);
  if (end < 0) return CUT;
  read.value = parsed(decoding, chunk.subarray(begin, end), false);
  return end;
}

function readNested(decoding: Decoding, chunk: Buffer, begin: number, read: ReadValue): number {
  const cut = createCut();
  const end = scanContainer(cut, chunk, begin);
  if (end < 0) return CUT;
  // The row itself is one level more.
  if (cut.deepest >= decoding.limits.maxDepth) return UNLIKE;
  read.value = chunk[begin + 1] === OBJECT_END ? {} : parsed(decoding, chunk.subarray(begin, end), cut.longNumber);
  return end;
}

function readNumber(chunk: Buffer, begin: number, read: ReadValue): number {
  let end = begin;
  while (end < chunk.length && isNumberByte(chunk[end] as number)) end++;
  if (end === chunk.length) return CUT;
  const text = chunk.toString('latin1', begin, end);
  read.value = isLongInteger(text) ? text : parsedOrNone(text);
  return end;
}

function readWord(chunk: Buffer, begin: number, read: ReadValue): number {
  read.value = undefined;
  const word = WORDS.find(({ bytes }) => bytes[0] === chunk[begin]);
  if (!word) return begin;
  const end = begin + word.bytes.length;
  if (end >= chunk.length) return CUT;
  if (word.bytes.every((byte, index) => byte === chunk[begin + index])) read.value = word.value;
  return end;
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
