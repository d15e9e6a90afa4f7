import { wellFormed } from '../../lib/text.ts';
import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { alias, define, defineBound } from './define.ts';

/** Half of a surrogate pair is no character: U+FFFD stands for it. */
function textOfPoint(value: Value): string {
  const code = Number(value);
  return Number.isInteger(code) && code >= 0 && code <= 0x10ffff ? wellFormed(String.fromCodePoint(code)) : '';
}

/** Code points, singly or in arrays, as text. */
function bindFromPoints(): ScalarCall {
  return (...values) => values.flat(1).map(textOfPoint).join('');
}

const FROM_POINTS = defineBound('unicode_codepoints_to_string', bindFromPoints);
const TO_POINTS = define('unicode_codepoints_from_string', ['string'], (text) =>
  [...text].map((character) => character.codePointAt(0) ?? 0),
);

/** Text and its code points. */
export const UNICODE: readonly ScalarFunction[] = [
  FROM_POINTS,
  alias('make_string', FROM_POINTS),
  TO_POINTS,
  alias('to_utf8', TO_POINTS),
  define('isascii', ['string'], (text) => Buffer.byteLength(text) === text.length),
  define('isutf8', ['string'], (text) => !text.includes('\ufffd')),
];
