/** JSON in bytes, passed over without being built. Every function gives the offset behind what it passes, or -1 where the bytes end too early. */

export const BYTE = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

const SPACE = 0x20;

/** What is no JSON, and where. */
export class Malformed extends Error {
  readonly at: number;

  constructor(at: number, reason: string) {
    super(reason);
    this.name = 'Malformed';
    this.at = at;
  }
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The next byte that is no white space; the length where there is none. */
export function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isSpace(bytes[at] as number)) at += 1;
  return at;
}

/** From behind the opening quote to behind the closing one: the first with an even number of backslashes before it. */
export function skipText(bytes: Buffer, start: number): number {
  const { length } = bytes;
  for (let at = start; ; at += 1) {
    while (at < length && bytes[at] !== BYTE.quote) at += 1;
    if (at >= length) return -1;
    if (bytes[at - 1] !== BYTE.backslash || slashesBefore(bytes, at, start) % 2 === 0) return at + 1;
  }
}

function slashesBefore(bytes: Buffer, at: number, start: number): number {
  let count = 0;
  while (at - count > start && bytes[at - 1 - count] === BYTE.backslash) count += 1;
  return count;
}

function skipNested(bytes: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === BYTE.quote) {
      at = skipText(bytes, at + 1) - 1;
      if (at < 0) return -1;
    } else if (byte === BYTE.openObject || byte === BYTE.openList) {
      depth += 1;
    } else if (byte === BYTE.closeObject || byte === BYTE.closeList) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

/** A number or word: up to white space, a comma or a bracket. */
function skipWord(bytes: Buffer, start: number): number {
  let at = start;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === BYTE.comma || byte === BYTE.closeObject || byte === BYTE.closeList || isSpace(byte)) break;
  }
  if (at >= bytes.length) return -1;
  if (at === start || !isWordStart(bytes[start] as number)) throw new Malformed(start, 'a value is missing or unknown');
  return at;
}

/** `-`, a digit, or the first letter of true, false, null. */
function isWordStart(byte: number): boolean {
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39) || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}

/** Any value; `start` is its first byte. */
export function skipValue(bytes: Buffer, start: number): number {
  const byte = bytes[start];
  if (byte === undefined) return -1;
  if (byte === BYTE.quote) return skipText(bytes, start + 1);
  return byte === BYTE.openObject || byte === BYTE.openList ? skipNested(bytes, start) : skipWord(bytes, start);
}

/** From behind a member's name to its value; -1 where the bytes end before. */
export function skipColon(bytes: Buffer, start: number): number {
  const colon = skipSpace(bytes, start);
  if (colon >= bytes.length) return -1;
  if (bytes[colon] !== BYTE.colon) throw new Malformed(colon, 'there is no colon behind a name');
  const value = skipSpace(bytes, colon + 1);
  return value >= bytes.length ? -1 : value;
}

/** From behind a value to the next name or the end of the object. */
export function skipComma(bytes: Buffer, start: number): number {
  const at = skipSpace(bytes, start);
  if (at >= bytes.length) return -1;
  if (bytes[at] === BYTE.closeObject) return at;
  if (bytes[at] !== BYTE.comma) throw new Malformed(at, 'there is no comma behind a value');
  const next = skipSpace(bytes, at + 1);
  return next >= bytes.length ? -1 : next;
}
