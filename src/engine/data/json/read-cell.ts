import { wellFormed } from '../../../lib/text.ts';
import { JsonText } from '../json-text.ts';
import type { TextPool } from '../text-pool.ts';
import { BYTE, Malformed } from './scan-value.ts';

const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const SPACE = 0x20;
/** Digits that a double always keeps. */
const SAFE_DIGITS = 15;

/** The value between the offsets as a column keeps it: texts are copies, objects and lists stay text. */
export function readCell(bytes: Buffer, start: number, end: number, pool: TextPool): unknown {
  switch (bytes[start]) {
    case BYTE.quote:
      return readText(bytes, start, end, pool);
    case BYTE.openObject:
    case BYTE.openList:
      return new JsonText(bytes.toString('utf8', start, end));
    case 0x74:
      return readWord(bytes, start, end, 'true', true);
    case 0x66:
      return readWord(bytes, start, end, 'false', false);
    case 0x6e:
      return readWord(bytes, start, end, 'null', null);
    default:
      return readNumber(bytes, start, end);
  }
}

export function readText(bytes: Buffer, start: number, end: number, pool: TextPool): string {
  for (let at = start + 1; at < end - 1; at += 1) {
    const byte = bytes[at] as number;
    if (byte === BYTE.backslash) return readEscaped(bytes, start, end);
    if (byte < SPACE) throw new Malformed(at, 'a text holds a control character');
  }
  return pool.text(bytes, start + 1, end - 1);
}

/** Halves of pairs that stand alone become U+FFFD, as they would in any encoding. */
function readEscaped(bytes: Buffer, start: number, end: number): string {
  try {
    return wellFormed(JSON.parse(bytes.toString('utf8', start, end)) as string);
  } catch {
    throw new Malformed(start, 'a text has an unknown escape');
  }
}

function readWord<Value>(bytes: Buffer, start: number, end: number, word: string, value: Value): Value {
  if (bytes.toString('latin1', start, end) !== word) throw new Malformed(start, 'a value is unknown');
  return value;
}

/** Whole numbers keep all their digits. */
function readNumber(bytes: Buffer, start: number, end: number): number | bigint {
  const text = bytes.toString('latin1', start, end);
  const match = NUMBER.exec(text);
  if (!match) throw new Malformed(start, 'a number cannot be read');
  const isWhole = match[1] === undefined && match[2] === undefined;
  return isWhole && text.length > SAFE_DIGITS ? BigInt(text) : Number(text) + 0;
}
