import type { ScalarCall, ScalarFunction, Value } from '../value.ts';
import { lengthInPoints, pointsBefore, slicePoints, unitsBefore } from '../values/code-points.ts';
import { isArray, textOfDynamic } from '../values/dynamic.ts';
import { foldCase } from '../values/fold.ts';
import { compareTexts } from '../values/order.ts';
import { textWriter } from '../values/text.ts';
import { alias, define, defineBound, type FunctionBinding } from './define.ts';
import { checkLength, joined } from './text-length.ts';

const MOST_REPEATS = 1024;

function pair(first: string, second: string): string {
  checkLength(first.length + second.length);
  return first + second;
}

function bindConcatenation({ types }: FunctionBinding): ScalarCall {
  const writers = types.map(textWriter);
  const [first, second] = writers;
  if (writers.length === 2 && first && second) return (a = null, b = null) => pair(first(a), second(b));
  return (...values) => joined(writers.map((write, index) => write(values[index] ?? null)));
}

function bindDelimited({ types }: FunctionBinding): ScalarCall {
  const writers = types.map(textWriter);
  return (...values) => {
    const [delimiter = '', ...parts] = writers.map((write, index) => write(values[index] ?? null));
    return joined(parts, delimiter);
  };
}

/** `split(source, delimiter, index)`: with an index, an array of that one part, or null. */
function split(source: string, delimiter: string, index?: number): Value {
  const parts = delimiter === '' ? [source] : source.split(delimiter);
  if (index === undefined || Number.isNaN(index)) return parts;
  const part = parts[index];
  return part === undefined ? null : [part];
}

/** A negative start counts from the end; before the text and beyond it there is nothing. */
function substring(source: string, start: number, length = Number.POSITIVE_INFINITY): string {
  const size = start < 0 ? lengthInPoints(source) : 0;
  const from = start < 0 ? size + start : start;
  if (Number.isNaN(from) || from < 0 || length < 0) return '';
  return slicePoints(source, from, Number.isNaN(length) ? Number.POSITIVE_INFINITY : length);
}

/** At most 1,024 times. */
function repeat(source: string, times: number, delimiter = ''): Value {
  if (Number.isNaN(times)) return '';
  const count = Math.max(0, Math.min(MOST_REPEATS, times));
  checkLength(count * (source.length + delimiter.length));
  return Array.from({ length: count }, () => source).join(delimiter);
}

function strcatArray(values: Value, delimiter: string): Value {
  return isArray(values) ? joined(values.map(textOfDynamic), delimiter) : null;
}

/** Where the text is searched: units from and to, or null where an argument is out of its range. */
export function searchRange(source: string, start: number, length: number): readonly [number, number] | null {
  const size = lengthInPoints(source);
  const from = start < 0 ? Math.max(0, size + start) : start;
  if (Number.isNaN(from) || Number.isNaN(length) || length < -1) return null;
  const to = length === -1 ? size : Math.min(size, from + length);
  return [unitsBefore(source, from), unitsBefore(source, to)];
}

/** The length bounds where a match may start, not where it ends. */
function indexOf(source: string, searched: string, start = 0, length = -1, occurrence = 1): Value {
  const range = searchRange(source, start, length);
  if (!range || searched === '' || !(occurrence >= 1)) return null;
  let at = source.indexOf(searched, range[0]);
  for (let found = 1; at >= 0 && found < occurrence; found += 1) at = source.indexOf(searched, at + 1);
  return at < 0 || at >= range[1] ? -1 : pointsBefore(source, at);
}

/** Pieces of a text; those that came from a replacement are left alone by later ones. */
interface Piece {
  readonly text: string;
  readonly replaced: boolean;
}

function replacePieces(pieces: readonly Piece[], from: string, to: string): Piece[] {
  return pieces.flatMap((piece) => {
    if (piece.replaced || from === '') return [piece];
    const parts = piece.text.split(from);
    return parts.flatMap((text, index) =>
      index === 0
        ? [{ text, replaced: false }]
        : [
            { text: to, replaced: true },
            { text, replaced: false },
          ],
    );
  });
}

/** Searched texts in the order of the list; what was replaced is not searched again. A replacement that is no text keeps what is there. */
function replaceStrings(source: string, searched: Value, replacements: Value): Value {
  if (!isArray(searched)) return null;
  const several = isArray(replacements) ? replacements : null;
  const pieces = searched.reduce<Piece[]>(
    (all, one, index) => {
      const from = textOfDynamic(one);
      const to = several ? (several[index] ?? '') : replacements;
      return replacePieces(all, from, typeof to === 'string' ? to : from);
    },
    [{ text: source, replaced: false }],
  );
  return joined(pieces.map((piece) => piece.text));
}

/** Each character of the search list becomes the one at its place in the other list; the last one serves for those without. */
function translate(searched: string, replacements: string, source: string): string {
  const [from, to] = [[...searched], [...replacements]];
  return [...source]
    .map((character) => {
      const index = from.indexOf(character);
      return index < 0 ? character : (to[index] ?? to.at(-1) ?? '');
    })
    .join('');
}

function hasAnyIndex(source: string, values: Value): Value {
  if (!isArray(values)) return null;
  const text = foldCase(source);
  return values.findIndex((value) => text.includes(foldCase(textOfDynamic(value))));
}

/** Character by character, so that none becomes two. */
function upperCase(text: string): string {
  const upper = text.toUpperCase();
  if (upper.length === text.length) return upper;
  return [...text].map((one) => (one.toUpperCase().length === one.length ? one.toUpperCase() : one)).join('');
}

/** A capital sigma has one small form wherever it stands in a word; a final one stays as it is. */
function lowerCase(text: string): string {
  return text.replaceAll('\u03a3', '\u03c3').toLowerCase();
}

const REPLACE_STRING = define('replace_string', ['string', 'string', 'string'], (source, searched, replacement) =>
  searched === '' ? source : joined(source.split(searched), replacement),
);
const STRCAT_ARRAY = define('strcat_array', ['dynamic', 'string'], strcatArray);

/** Functions on text that need no regular expression. */
export const TEXT: readonly ScalarFunction[] = [
  define('strlen', ['string'], lengthInPoints),
  define('string_size', ['string'], (text) => Buffer.byteLength(text)),
  define('toupper', ['string'], upperCase),
  define('tolower', ['string'], lowerCase),
  defineBound('strcat', bindConcatenation),
  defineBound('strcat_delim', bindDelimited),
  STRCAT_ARRAY,
  alias('array_strcat', STRCAT_ARRAY),
  define('strrep', ['string', 'index', 'string?'], repeat),
  define('strcmp', ['string', 'string'], compareTexts),
  define('substring', ['string', 'index', 'index?'], substring),
  define('split', ['string', 'string', 'index?'], split),
  define('indexof', ['string', 'string', 'index?', 'index?', 'index?'], indexOf),
  define('reverse', ['string'], (text) => [...text].reverse().join('')),
  REPLACE_STRING,
  define('replace_strings', ['string', 'dynamic', 'dynamic'], replaceStrings),
  define('translate', ['string', 'string', 'string'], translate),
  define('has_any_index', ['string', 'dynamic'], hasAnyIndex),
];
