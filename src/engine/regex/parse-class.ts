import { literalSource, readCharacterEscape, readClassEscape, readPosix } from './escapes.ts';
import { beyondSubset, type Scanner } from './scanner.ts';

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

function readNamedMembers(scanner: Scanner): string | null {
  const posix = readPosix(scanner);
  if (posix !== null) return posix;
  const match = /^\\([dwsDWSpP])/.exec(scanner.text.slice(scanner.at, scanner.at + 2));
  if (!match) return null;
  scanner.skip(match[0]);
  const named = readClassEscape(scanner, match[1] ?? '');
  if (named?.negated) throw beyondSubset('a negated class inside a class');
  return named?.members ?? '';
}

function readRange(scanner: Scanner): string {
  const first = readMember(scanner);
  const isRange =
    scanner.peek() === '-' && scanner.text[scanner.at + 1] !== ']' && scanner.at + 1 < scanner.text.length;
  if (!isRange) return first;
  scanner.skip('-');
  return `${first}-${readMember(scanner)}`;
}

/** A bracket class, the scanner after its `[`, as JavaScript source. */
export function readClass(scanner: Scanner): string {
  const negated = scanner.skip('^');
  let members = scanner.skip(']') ? literalSource(']') : '';
  while (!scanner.skip(']')) {
    if (scanner.peek() === '') throw beyondSubset('a class without end');
    members += readNamedMembers(scanner) ?? readRange(scanner);
  }
  return `[${negated ? '^' : ''}${members}]`;
}
