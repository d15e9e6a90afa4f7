import { createCut, QUOTE, scanString } from './scan-json.ts';

const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** JSON.parse that keeps integers beyond 2^53 as strings of their digits. Digits inside strings stay as they are. */
export function parseLossless(text: string): unknown {
  if (!LONG_DIGITS.test(text)) return JSON.parse(text);
  return JSON.parse(quoteLongIntegers(Buffer.from(text)));
}

/** The same JSON with every integer that a double cannot hold written as a string. */
export function quoteLongIntegers(bytes: Buffer): string {
  const cut = createCut();
  let text = '';
  let copied = 0;
  let index = 0;
  while (index < bytes.length) {
    const byte = bytes[index] as number;
    if (byte === QUOTE) {
      const end = scanString(cut, bytes, index + 1);
      index = end < 0 ? bytes.length : end;
    } else if (startsNumber(byte)) {
      const end = endOfNumber(bytes, index);
      const number = bytes.toString('latin1', index, end);
      if (isLongInteger(number)) {
        text += `${bytes.toString('utf8', copied, index)}"${number}"`;
        copied = end;
      }
      index = end;
    } else index++;
  }
  return text + bytes.toString('utf8', copied);
}

function isLongInteger(number: string): boolean {
  return INTEGER.test(number) && !Number.isSafeInteger(Number(number));
}

function startsNumber(byte: number): boolean {
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let index = from + 1;
  while (index < bytes.length && continuesNumber(bytes[index] as number)) index++;
  return index;
}

/** Digits and `+ - . E e`. */
function continuesNumber(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e || (byte | 0x20) === 0x65;
}
