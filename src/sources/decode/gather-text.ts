import { firstByte, marksOf } from './equal-bytes.ts';
import { QUOTE } from './scan-json.ts';

const BACKSLASH = 0x5c;
const LETTERS_AROUND = 0x61616100;
/** What the letter behind a backslash stands for; 0: something else. */
const ESCAPES = new Uint8Array(256);
for (const [letter, byte] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t'].map((pair) => Buffer.from(pair)))
  ESCAPES[letter as number] = byte as number;
/** Each byte that stands for itself; 0: another. */
const LETTERS = Uint8Array.from({ length: 256 }, (_, byte) => (marksOf(byte | LETTERS_AROUND) === 0 ? byte : 0));

/** Bytes of text that are gathered at most, of one row. */
const MOST_GATHERED = 4096;

/**
 * Where the text of a row is gathered, to be made one string that its values are cut out of. They keep all of it in memory for as long as
 * one of them lives: so it is the text of no more than one row, and not of a long one.
 */
export interface Gathered {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** So many of the bytes are taken. */
  length: number;
}

export function createGathered(): Gathered {
  const bytes = Buffer.alloc(MOST_GATHERED);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), length: 0 };
}

/**
 * Adds what a JSON string stands for, from behind its opening quote at `from`, where it is ASCII and its escapes are those of one letter.
 * The index behind its closing quote; -1, with nothing added, where there is anything else, too much of it, or no end.
 */
export function gatherText(gathered: Gathered, bytes: DataView, from: number): number {
  const { view } = gathered;
  const limit = Math.min(bytes.byteLength, from + MOST_GATHERED - gathered.length);
  let index = from;
  let length = gathered.length;
  for (;;) {
    const next = copyLetters(bytes, index, limit, view, length);
    length += next - index;
    index = next;
    if (index >= limit) return -1;
    if (bytes.getUint8(index) === QUOTE) {
      gathered.length = length;
      return index + 1;
    }
    const isEscape = bytes.getUint8(index) === BACKSLASH;
    if (isEscape && ++index >= limit) return -1;
    const letter = (isEscape ? ESCAPES : LETTERS)[bytes.getUint8(index++)] as number;
    if (letter === 0) return -1;
    view.setUint8(length++, letter);
  }
}

/** Copies bytes that stand for themselves, four at a time; the index of the first that was not copied, which may be such a byte, too. */
function copyLetters(bytes: DataView, from: number, limit: number, into: DataView, at: number): number {
  let index = from;
  for (const last = limit - 4; index <= last; index += 4) {
    const four = bytes.getInt32(index, true);
    const marks = marksOf(four);
    into.setInt32(at + index - from, four, true);
    if (marks !== 0) return index + firstByte(marks);
  }
  return index;
}
