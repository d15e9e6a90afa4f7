import type { Scanner } from './scanner.ts';
import { beyondSubset } from './scanner.ts';

/** Members of the Perl classes, which are Unicode's by the documentation, as source for the flag `v`. */
const PERL_CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  s: '\\p{White_Space}',
  w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}',
};

const WORD = `[${PERL_CLASSES.w}]`;

/** `\b` and `\B` as Unicode has them. Neither holds between the halves of a surrogate pair. */
export const WIDE_BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;
export const WIDE_NO_BOUNDARY = `(?:(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))(?=[\\s\\S]|$))`;

/** Halves of boundaries, and boundaries on one side: what stands before or after is, or is not, of the word. */
const EDGES: ReadonlyMap<string, (word: string) => string> = new Map([
  ['start', (word) => `(?:(?<!${word})(?=${word}))`],
  ['end', (word) => `(?:(?<=${word})(?!${word}))`],
  ['start-half', (word) => `(?:(?<!${word})(?=[\\s\\S]|$))`],
  ['end-half', (word) => `(?:(?!${word})(?=[\\s\\S]|$))`],
]);

/** `\b{start}` and its like, and `\<` and `\>`; null for all other escapes. */
export function readEdge(scanner: Scanner, letter: string): CharacterSource | null {
  const name = letter === 'b' ? scanner.match(/\{([a-z-]+)\}/y)?.[1] : { '<': 'start', '>': 'end' }[letter];
  const edge = EDGES.get(name ?? '');
  if (edge) return { source: edge('\\w'), wide: edge(WORD) };
  if (name !== undefined) throw beyondSubset('a boundary');
  return null;
}

/** What matches one character: `source` for texts of ASCII, `wide` for all others where that differs. */
export interface CharacterSource {
  readonly source: string;
  readonly wide?: string;
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
};

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

const CATEGORY = /^(?:[LMNPSZC][a-z]?|Any)$/;

/** One character as source that is safe inside and outside of a class. */
export function literalSource(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (/[!-/:-@[-^`{-~]/.test(character)) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 32 || (code > 126 && code < 256)) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code > 126 ? `\\u{${code.toString(16)}}` : character;
}

/** The code point of `\x41`, `\u0041`, `\U00000041`, or any of them with braces. */
const CODES: ReadonlyMap<string, RegExp> = new Map([
  ['x', /\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2})/y],
  ['u', /\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4})/y],
  ['U', /\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{8})/y],
]);

function readCode(scanner: Scanner, pattern: RegExp): string {
  const digits = scanner.match(pattern);
  const code = Number.parseInt(digits?.[1] ?? digits?.[2] ?? 'x', 16);
  if (!(code <= 0x10ffff)) throw beyondSubset('a hexadecimal escape');
  return literalSource(String.fromCodePoint(code));
}

/** Whether JavaScript knows a category or property by that name, as `Letter` and `Uppercase`. */
function isProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, 'u').flags === 'u';
  } catch {
    return false;
  }
}

/** `\pN`, `\p{Greek}`, `\P{^Lu}` after the `p` or `P`. */
function readProperty(scanner: Scanner, letter: string): string {
  const match = scanner.match(/([A-Z])|\{(\^?)([A-Za-z_]+)\}/y);
  const name = match?.[1] ?? match?.[3];
  if (name === undefined) throw beyondSubset('a property class');
  const negated = (letter === 'P') !== (match?.[2] === '^');
  return `\\${negated ? 'P' : 'p'}{${CATEGORY.test(name) || isProperty(name) ? name : `Script=${name}`}}`;
}

/** A character escape, the scanner after its letter: source for one character; null where the letter names none. */
export function readCharacterEscape(scanner: Scanner, letter: string): string | null {
  const code = CODES.get(letter);
  if (code) return readCode(scanner, code);
  const control = CONTROLS[letter];
  if (control !== undefined) return control;
  return /^[!-/:;=?@[-`{-~ ]$/.test(letter) ? literalSource(letter) : null;
}

/** `\d`, `\W`, `\pL` … as members of a class; null where the letter names no class. */
export function readClassEscape(scanner: Scanner, letter: string): CharacterSource | null {
  if (letter === 'p' || letter === 'P') return { source: readProperty(scanner, letter) };
  const lower = letter.toLowerCase();
  const wide = PERL_CLASSES[lower];
  if (wide === undefined) return null;
  return { source: `\\${letter}`, wide: letter === lower ? wide : `[^${wide}]` };
}

/** `[:alpha:]` inside a class, the scanner before it; `[:^alpha:]` is a class in the class. */
export function readPosix(scanner: Scanner): { readonly source: string; readonly isSet: boolean } | null {
  const match = scanner.match(/\[:(\^?)([a-z]+):\]/y);
  if (!match) return null;
  const members = POSIX[match[2] ?? ''];
  if (members === undefined) throw beyondSubset('a named class');
  return match[1] === '^' ? { source: `[^${members}]`, isSet: true } : { source: members, isSet: false };
}
