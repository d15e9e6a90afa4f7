import { createCut, markBytes, QUOTE, scanString } from './scan-json.ts';

const LONG_DIGITS = /\d{16}/;
const INTEGER = /^-?[1-9]\d*$/;
const STARTS_NUMBER = markBytes('-0123456789');
const CONTINUES_NUMBER = markBytes('0123456789+-.eE');

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
    } else if (STARTS_NUMBER[byte]) {
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

/** Whether a number may begin or go on with the byte. */
export function isNumberByte(byte: number): boolean {
  return CONTINUES_NUMBER[byte] === 1;
}

/** Whether the text of a number is an integer that a double cannot hold. */
export function isLongInteger(number: string): boolean {
  return INTEGER.test(number) && !Number.isSafeInteger(Number(number));
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let index = from + 1;
  while (index < bytes.length && CONTINUES_NUMBER[bytes[index] as number]) index++;
  return index;
}
