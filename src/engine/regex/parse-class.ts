import { type CharacterSource, literalSource, readCharacterEscape, readClassEscape, readPosix } from './escapes.ts';
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

function readNamedMembers(scanner: Scanner): CharacterSource | null {
  const posix = readPosix(scanner);
  if (posix !== null) return { source: posix };
  const match = /^\\([dwsDWSpP])/.exec(scanner.text.slice(scanner.at, scanner.at + 2));
  if (!match) return null;
  scanner.skip(match[0]);
  return readClassEscape(scanner, match[1] ?? '');
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
export function readClass(scanner: Scanner): CharacterSource {
  const start = scanner.skip('^') ? '[^' : '[';
  let members = scanner.skip(']') ? literalSource(']') : '';
  let wide = members;
  let isWide = false;
  while (!scanner.skip(']')) {
    if (scanner.peek() === '') throw beyondSubset('a class without end');
    const member = readNamedMembers(scanner) ?? { source: readRange(scanner) };
    members += member.source;
    wide += member.wide ?? member.source;
    isWide ||= member.wide !== undefined;
  }
  const source = `${start}${members}]`;
  return isWide ? { source, wide: `${start}${wide}]` } : { source };
}
