/**
 * Where one JSON value ends, told byte by byte without parsing it. A cut survives any chunk boundary: inside a string, an escape,
 * a number or a character of several bytes. What lies between the ends is checked by whoever parses the slice.
 */
export interface Cut {
  depth: number;
  deepest: number;
  /** Objects and arrays so far. */
  opened: number;
  inString: boolean;
  escaped: boolean;
  digits: number;
  /** A number of 16 digits or more stands outside the strings: JSON.parse might lose some of them. */
  longNumber: boolean;
}

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LONG_NUMBER = 16;

/** What a byte outside strings is: 0 plain, then in this order. */
const DIGIT = 1;
const STRING = 2;
const OPEN = 3;
const CLOSE = 4;

const KIND = new Uint8Array(256);
KIND[QUOTE] = STRING;
for (const bracket of [0x7b, 0x5b]) KIND[bracket] = OPEN;
for (const bracket of [0x7d, 0x5d]) KIND[bracket] = CLOSE;
for (const digit of Buffer.from('0123456789')) KIND[digit] = DIGIT;

/** Holds 1 for each of these characters, by its byte. */
export function markBytes(characters: string): Uint8Array {
  const marks = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) marks[byte] = 1;
  return marks;
}

const BLANK = markBytes(' \n\r\t');

/** Whether the byte is one of JSON's white space. */
export function isBlankByte(byte: number | undefined): boolean {
  return byte !== undefined && BLANK[byte] === 1;
}

export function createCut(): Cut {
  return { depth: 0, deepest: 0, opened: 0, inString: false, escaped: false, digits: 0, longNumber: false };
}

/** For the next value: where one has ended, nothing else is left of it but the greatest depth, which is of all values so far. */
export function resetCut(cut: Cut): void {
  cut.opened = 0;
  cut.longNumber = false;
}

/** Goes on through an object or array; the index behind its closing bracket, or -1 where the chunk ends before. */
export function scanContainer(cut: Cut, bytes: Uint8Array, from: number): number {
  let index = from;
  for (;;) {
    if (cut.inString) {
      index = scanString(cut, bytes, index);
      if (index < 0) return -1;
    }
    index = scanStructure(cut, bytes, index);
    if (!cut.inString) return index;
  }
}

/** Goes on through a string whose opening quote was passed; the index behind its closing quote, or -1. */
export function scanString(cut: Cut, bytes: Uint8Array, from: number): number {
  const end = bytes.length;
  let index = from;
  if (cut.escaped && index < end) {
    cut.escaped = false;
    index++;
  }
  while (index < end) {
    const byte = bytes[index++];
    if (byte === QUOTE) {
      cut.inString = false;
      return index;
    }
    if (byte !== BACKSLASH) continue;
    if (index < end) index++;
    else cut.escaped = true;
  }
  return -1;
}

/** Up to the next string (inString is set), the end of the value, or the end of the chunk (-1). */
function scanStructure(cut: Cut, bytes: Uint8Array, from: number): number {
  let index = skipPlain(cut, bytes, from);
  while (index < bytes.length) {
    const kind = KIND[bytes[index++] as number];
    if (kind === STRING) {
      cut.inString = true;
      return index;
    }
    if (kind === OPEN) {
      cut.depth += 1;
      cut.opened += 1;
    } else cut.depth -= 1;
    if (cut.depth > cut.deepest) cut.deepest = cut.depth;
    if (cut.depth === 0) return index;
    index = skipPlain(cut, bytes, index);
  }
  return -1;
}

/** The index of the next quote or bracket, or the chunk's length; notes long numbers on the way. */
function skipPlain(cut: Cut, bytes: Uint8Array, from: number): number {
  const end = bytes.length;
  let digits = cut.digits;
  let index = from;
  for (; index < end; index++) {
    const kind = KIND[bytes[index] as number] as number;
    if (kind > DIGIT) {
      digits = 0;
      break;
    }
    digits = kind === DIGIT ? digits + 1 : 0;
    if (digits === LONG_NUMBER) cut.longNumber = true;
  }
  cut.digits = digits;
  return index;
}
