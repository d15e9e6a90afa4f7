import { foldCase } from '../values/fold.ts';

/** Which edges of a found text must be edges of a term. */
export interface Edges {
  readonly start: boolean;
  readonly end: boolean;
}

/** A search text made ready: folded unless case counts, and which of its ends are characters of a term. */
export interface Needle {
  readonly text: string;
  readonly startsTerm: boolean;
  readonly endsTerm: boolean;
}

const TERM_CHARACTER = /^[\p{L}\p{N}]$/u;

function isAsciiTerm(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether the character that starts at `index` belongs to a term: letters and digits of any script do, `_` and `-` do not. */
function termAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (code < 128) return isAsciiTerm(code);
  const point = text.codePointAt(index);
  return point !== undefined && TERM_CHARACTER.test(String.fromCodePoint(point));
}

function termBefore(text: string, index: number): boolean {
  if (index <= 0) return false;
  const low = text.charCodeAt(index - 1);
  return termAt(text, low >= 0xdc00 && low <= 0xdfff && index > 1 ? index - 2 : index - 1);
}

export function createNeedle(text: string, caseSensitive: boolean): Needle {
  const folded = caseSensitive ? text : foldCase(text);
  return { text: folded, startsTerm: folded !== '' && termAt(folded, 0), endsTerm: termBefore(folded, folded.length) };
}

function isWhole(text: string, at: number, needle: Needle, edges: Edges): boolean {
  const end = at + needle.text.length;
  if (edges.start && needle.startsTerm && termBefore(text, at)) return false;
  return !(edges.end && needle.endsTerm && end < text.length && termAt(text, end));
}

/**
 * Whether `text` holds the needle with whole terms at the asked edges. An edge is checked only where the needle has a term character
 * there; an empty needle is in every text. `text` must be folded where the needle is.
 */
export function hasTerm(text: string, needle: Needle, edges: Edges): boolean {
  for (let at = text.indexOf(needle.text); at >= 0; at = text.indexOf(needle.text, at + 1)) {
    if (isWhole(text, at, needle, edges)) return true;
    if (needle.text === '') return true;
  }
  return false;
}
