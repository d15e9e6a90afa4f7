import { type CharacterSource, literalSource, readCharacterEscape, readClassEscape, readPosix } from './escapes.ts';
import { beyondSubset, type Scanner } from './scanner.ts';

/** A class; `isSet` where it is made of others, which only the flag `v` can say. */
export interface CharacterClass extends CharacterSource {
  readonly isSet: boolean;
}

const SET_OPERATOR = /&&|--|~~/y;
const DEPTH = 50;

/** One end of a range, or a single character. */
function readMember(scanner: Scanner): string {
  const character = scanner.next();
  if (character === '') throw beyondSubset('a class without end');
  if (character !== '\\') return literalSource(character);
  const letter = scanner.next();
  const source = readCharacterEscape(scanner, letter);
  if (source === null) throw beyondSubset('an escape in a class');
  return source;
}

function readNamedMembers(scanner: Scanner): CharacterClass | null {
  const posix = readPosix(scanner);
  if (posix !== null) return posix;
  const match = /^\\([dwsDWSpP])/.exec(scanner.text.slice(scanner.at, scanner.at + 2));
  if (!match) return null;
  scanner.skip(match[0]);
  const members = readClassEscape(scanner, match[1] ?? '');
  return members && { ...members, isSet: false };
}

function readRange(scanner: Scanner): string {
  const first = readMember(scanner);
  const after = scanner.text[scanner.at + 1];
  if (scanner.peek() !== '-' || after === undefined || after === ']' || after === '-') return first;
  scanner.skip('-');
  return `${first}-${readMember(scanner)}`;
}

/** A class inside another, or null where the bracket has no end of its own and stands for itself. */
function readInner(scanner: Scanner, depth: number): CharacterClass | null {
  if (scanner.peek() !== '[' || depth >= DEPTH) return null;
  const start = scanner.at;
  try {
    scanner.skip('[');
    const inner = readClass(scanner, depth + 1);
    if (scanner.text.indexOf(']', scanner.at) >= 0) return { ...inner, isSet: true };
  } catch {
    // It is a bracket without an end.
  }
  scanner.back(start);
  return null;
}

/** Both sources of two classes, or of one, put together in the same way. */
function combined(make: (one: string, other: string) => string, one: CharacterSource, other = one): CharacterSource {
  const source = make(one.source, other.source);
  if (one.wide === undefined && other.wide === undefined) return { source };
  return { source, wide: make(one.wide ?? one.source, other.wide ?? other.source) };
}

function operated(left: CharacterSource, sign: string, right: CharacterSource): CharacterSource {
  if (sign !== '~~') return combined((one, other) => `[${one}${sign}${other}]`, left, right);
  return combined((one, other) => `[[${one}--${other}][${other}--${one}]]`, left, right);
}

/** What stands side by side, up to an operator or the end. */
function readUnion(scanner: Scanner, depth: number, first: string): CharacterClass {
  let members: CharacterSource = { source: first };
  let isSet = false;
  while (scanner.peek() !== ']' && !scanner.sees(SET_OPERATOR)) {
    if (scanner.peek() === '') throw beyondSubset('a class without end');
    const member = readNamedMembers(scanner) ??
      readInner(scanner, depth) ?? { source: readRange(scanner), isSet: false };
    isSet ||= member.isSet;
    members = combined((one, other) => one + other, members, member);
  }
  return { ...combined((one) => `[${one}]`, members), isSet };
}

/** Characters that stand for themselves at the very beginning. */
function readLeading(scanner: Scanner): string {
  const dashes = scanner.match(/-+(?=[^-])/y)?.[0] ?? '';
  const bracket = dashes === '' && scanner.skip(']') ? literalSource(']') : '';
  return `${dashes === '' ? '' : literalSource('-')}${bracket}`;
}

/** A bracket class, the scanner after its `[`, as JavaScript source. Its operators hold from left to right, after all that stands side by side. */
export function readClass(scanner: Scanner, depth = 0): CharacterClass {
  const isNegated = scanner.skip('^');
  let made = readUnion(scanner, depth, readLeading(scanner));
  for (let sign = scanner.match(SET_OPERATOR); sign; sign = scanner.match(SET_OPERATOR)) {
    made = { ...operated(made, sign[0], readUnion(scanner, depth, '')), isSet: true };
  }
  scanner.skip(']');
  if (!isNegated) return made;
  const { isSet } = made;
  return { ...combined((one) => (isSet ? `[^${one}]` : `[^${one.slice(1)}`), made), isSet };
}
