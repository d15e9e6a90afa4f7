import { HuntwireError } from '../../lib/errors.ts';
import { wellFormed } from '../../lib/text.ts';
import type { Value } from '../value.ts';
import { canonical, wrap64 } from './integer.ts';
import { boxReal } from './real.ts';

/** Deeper documents are refused: they would exhaust the stack. */
export const MOST_LEVELS = 500;

interface Cursor {
  readonly text: string;
  at: number;
}

/** Characters that JSON does not allow in a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const CONTROL = /[\0-\x1f]/;

/** Thrown inside the reader and caught at its entrance. */
const MALFORMED = new Error('malformed JSON');

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function skipSpace(cursor: Cursor): void {
  for (; cursor.at < cursor.text.length; cursor.at += 1) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
  }
}

function take(cursor: Cursor, character: string): void {
  if (cursor.text[cursor.at] !== character) throw MALFORMED;
  cursor.at += 1;
}

function readEscape(cursor: Cursor): string {
  const letter = cursor.text[cursor.at + 1] ?? '';
  if (letter !== 'u') {
    cursor.at += 2;
    const character = ESCAPES[letter];
    if (character === undefined) throw MALFORMED;
    return character;
  }
  const digits = cursor.text.slice(cursor.at + 2, cursor.at + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw MALFORMED;
  cursor.at += 6;
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function plainPart(text: string): string {
  if (CONTROL.test(text)) throw MALFORMED;
  return text;
}

/** The rest of a string that has escapes, from the first of them on. */
function readEscaped(cursor: Cursor, start: string): string {
  let result = start;
  let from = cursor.at;
  while (cursor.at < cursor.text.length) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code === 34) {
      result += plainPart(cursor.text.slice(from, cursor.at));
      cursor.at += 1;
      return wellFormed(result);
    }
    if (code === 92) {
      result += plainPart(cursor.text.slice(from, cursor.at)) + readEscape(cursor);
      from = cursor.at;
    } else {
      cursor.at += 1;
    }
  }
  throw MALFORMED;
}

function readString(cursor: Cursor): string {
  take(cursor, '"');
  const end = cursor.text.indexOf('"', cursor.at);
  if (end < 0) throw MALFORMED;
  const plain = cursor.text.slice(cursor.at, end);
  const slash = plain.indexOf('\\');
  cursor.at = slash < 0 ? end + 1 : cursor.at + slash;
  return slash < 0 ? plainPart(plain) : readEscaped(cursor, plainPart(plain.slice(0, slash)));
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

function readNumber(cursor: Cursor): Value {
  NUMBER.lastIndex = cursor.at;
  const match = NUMBER.exec(cursor.text);
  if (!match) throw MALFORMED;
  cursor.at += match[0].length;
  if (match[1] !== undefined || match[2] !== undefined) return boxReal(Number(match[0]));
  if (match[0].length < 16) return Number(match[0]) + 0;
  const whole = BigInt(match[0]);
  return BigInt.asIntN(64, whole) === whole ? wrap64(whole) : boxReal(Number(match[0]));
}

function readArray(cursor: Cursor, depth: number): Value {
  const items: Value[] = [];
  cursor.at += 1;
  skipSpace(cursor);
  if (cursor.text[cursor.at] === ']') {
    cursor.at += 1;
    return items;
  }
  for (;;) {
    items.push(readValue(cursor, depth));
    if (cursor.text[cursor.at] !== ',') break;
    cursor.at += 1;
  }
  take(cursor, ']');
  return items;
}

function readBag(cursor: Cursor, depth: number): Value {
  const bag = new Map<string, Value>();
  cursor.at += 1;
  skipSpace(cursor);
  if (cursor.text[cursor.at] === '}') {
    cursor.at += 1;
    return bag;
  }
  for (;;) {
    skipSpace(cursor);
    const key = readString(cursor);
    skipSpace(cursor);
    take(cursor, ':');
    bag.set(key, readValue(cursor, depth));
    if (cursor.text[cursor.at] !== ',') break;
    cursor.at += 1;
  }
  take(cursor, '}');
  return bag;
}

function readWord(cursor: Cursor, word: string, value: Value): Value {
  if (!cursor.text.startsWith(word, cursor.at)) throw MALFORMED;
  cursor.at += word.length;
  return value;
}

function readItem(cursor: Cursor, depth: number): Value {
  switch (cursor.text[cursor.at]) {
    case '{':
      return readBag(cursor, depth + 1);
    case '[':
      return readArray(cursor, depth + 1);
    case '"':
      return readString(cursor);
    case 't':
      return readWord(cursor, 'true', true);
    case 'f':
      return readWord(cursor, 'false', false);
    case 'n':
      return readWord(cursor, 'null', null);
    default:
      return readNumber(cursor);
  }
}

function readValue(cursor: Cursor, depth: number): Value {
  if (depth > MOST_LEVELS) throw MALFORMED;
  skipSpace(cursor);
  const value = readItem(cursor, depth);
  skipSpace(cursor);
  return value;
}

/** A JSON document as a dynamic, whole numbers exact to 64 bits; undefined where the text is not JSON. */
export function parseJson(text: string): Value | undefined {
  const cursor: Cursor = { text, at: 0 };
  try {
    const value = readValue(cursor, 0);
    return cursor.at === text.length ? value : undefined;
  } catch (error) {
    if (error === MALFORMED) return undefined;
    throw error;
  }
}

/** The same for functions of a query: a document that is nested too deeply ends it, because no other answer would be the service's. */
export function parseJsonOrTell(text: string): Value | undefined {
  const value = parseJson(text);
  if (value !== undefined || !isTooDeep(text)) return value;
  throw new HuntwireError('KQL_BUDGET', `A JSON document is nested deeper than ${MOST_LEVELS} levels.`);
}

/** Brackets, and strings as a whole: brackets in them do not count. */
const BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

/** Whether brackets ever stand deeper than documents may. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.length > MOST_LEVELS ? text.matchAll(BRACKET) : []) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MOST_LEVELS) return true;
  }
  return false;
}

/** Any JavaScript value of JSON shape as a dynamic. Whole numbers become longs. */
export function dynamicOfJson(value: unknown, depth = 0): Value {
  if (value === null || value === undefined || depth > MOST_LEVELS) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? canonical(value) : boxReal(Number(value));
  if (typeof value === 'number')
    return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : boxReal(value);
  if (Array.isArray(value)) return value.map((item) => dynamicOfJson(item, depth + 1));
  if (typeof value !== 'object') return null;
  return new Map(Object.entries(value).map(([key, item]) => [key, dynamicOfJson(item, depth + 1)]));
}
