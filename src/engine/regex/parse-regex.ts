import type { ParsedRegex, RegexNode, RepeatNode } from './ast.ts';
import {
  type CharacterSource,
  literalSource,
  readCharacterEscape,
  readClassEscape,
  readEdge,
  WIDE_BOUNDARY,
  WIDE_NO_BOUNDARY,
} from './escapes.ts';
import { readClass } from './parse-class.ts';
import { beyondSubset, createScanner, type Scanner } from './scanner.ts';

interface Flags {
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

interface State {
  readonly scanner: Scanner;
  depth: number;
  hasSets: boolean;
}

const DEPTH = 200;
const REPEATS = 1000;

/**
 * Sources of assertions. JavaScript tries a match between the halves of a surrogate pair, too, where a class matches on neither side:
 * so none of them may hold there for the lack of a character. The flag `m` is never set: `^` and `$` are the ends of the text.
 */
const START = '^';
const END = '$';
const LINE_START = '(?:^|(?<=\\n))';
const LINE_END = '(?:$|(?=\\n))';
const NO_BOUNDARY = '(?:\\B(?=[\\s\\S]|$))';

function assertion(source: string): RegexNode {
  return { kind: 'assertion', source };
}

function character(source: string): RegexNode {
  return { kind: 'character', source };
}

function classOf(members: CharacterSource): RegexNode {
  return { kind: 'character', ...members };
}

function readSet(state: State): RegexNode {
  const { isSet, ...members } = readClass(state.scanner);
  state.hasSets ||= isSet;
  return classOf(members);
}

function readQuoted(scanner: Scanner): RegexNode {
  const end = scanner.text.indexOf('\\E', scanner.at);
  const items: RegexNode[] = [];
  while (scanner.at < (end < 0 ? scanner.text.length : end)) items.push(character(literalSource(scanner.next())));
  scanner.skip('\\E');
  return { kind: 'group', name: null, capturing: false, body: { kind: 'sequence', items } };
}

function readEscape(scanner: Scanner): RegexNode {
  const letter = scanner.next();
  const edge = readEdge(scanner, letter);
  if (edge) return { kind: 'assertion', ...edge };
  if (letter === 'b') return { kind: 'assertion', source: '\\b', wide: WIDE_BOUNDARY };
  if (letter === 'B') return { kind: 'assertion', source: NO_BOUNDARY, wide: WIDE_NO_BOUNDARY };
  if (letter === 'A') return assertion(START);
  if (letter === 'z') return assertion(END);
  if (letter === 'Q') return readQuoted(scanner);
  const source = readCharacterEscape(scanner, letter);
  if (source !== null) return character(source);
  const named = readClassEscape(scanner, letter);
  if (!named) throw beyondSubset(`the escape \\${letter}`);
  return classOf({ source: named.source, ...(named.wide === undefined ? {} : { wide: `[${named.wide}]` }) });
}

/** Flags of `(?ms-U)`; the flag `i` is taken at the very start only. */
function changeFlags(flags: Flags, text: string): Flags {
  const [on = '', off = ''] = text.split('-');
  if (/[^msU]/.test(on + off)) throw beyondSubset('flags inside the pattern');
  const pick = (letter: string, before: boolean): boolean => on.includes(letter) || (before && !off.includes(letter));
  return {
    multiLine: pick('m', flags.multiLine),
    dotAll: pick('s', flags.dotAll),
    ungreedy: pick('U', flags.ungreedy),
  };
}

function readGroupBody(state: State, flags: Flags): RegexNode {
  state.depth += 1;
  if (state.depth > DEPTH) throw beyondSubset('deep nesting');
  const body = readChoice(state, flags);
  state.depth -= 1;
  if (!state.scanner.skip(')')) throw beyondSubset('a group without end');
  return body;
}

function readGroup(state: State, flags: Flags): RegexNode {
  const { scanner } = state;
  const named = scanner.match(/\?P?<([A-Za-z_][A-Za-z0-9_]*)>/y);
  if (named) return { kind: 'group', name: named[1] ?? null, capturing: true, body: readGroupBody(state, flags) };
  const scoped = scanner.match(/\?([a-zA-Z-]*):/y);
  if (scoped) {
    const inner = changeFlags(flags, scoped[1] ?? '');
    return { kind: 'group', name: null, capturing: false, body: readGroupBody(state, inner) };
  }
  if (scanner.peek() === '?') throw beyondSubset('a group of another kind');
  return { kind: 'group', name: null, capturing: true, body: readGroupBody(state, flags) };
}

function readAtom(state: State, flags: Flags): RegexNode {
  const { scanner } = state;
  const next = scanner.next();
  switch (next) {
    case '(':
      return readGroup(state, flags);
    case '[':
      return readSet(state);
    case '.':
      return character(flags.dotAll ? '[\\s\\S]' : '[^\\n]');
    case '^':
      return assertion(flags.multiLine ? LINE_START : START);
    case '$':
      return assertion(flags.multiLine ? LINE_END : END);
    case '\\':
      return readEscape(scanner);
    case '*':
    case '+':
    case '?':
      throw beyondSubset('a repetition of nothing');
    default:
      return character(literalSource(next));
  }
}

function readBounds(scanner: Scanner): readonly [number, number] | null {
  if (scanner.skip('*')) return [0, Number.POSITIVE_INFINITY];
  if (scanner.skip('+')) return [1, Number.POSITIVE_INFINITY];
  if (scanner.skip('?')) return [0, 1];
  const match = scanner.match(/\{(\d{1,5})(,(\d{0,5}))?\}/y);
  if (!match) return null;
  const minimum = Number(match[1]);
  const open = match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
  const maximum = match[2] === undefined ? minimum : open;
  if (minimum > REPEATS || minimum > maximum || (maximum !== Number.POSITIVE_INFINITY && maximum > REPEATS)) {
    throw beyondSubset('a count of repetitions');
  }
  return [minimum, maximum];
}

function readRepeat(state: State, flags: Flags): RegexNode {
  const body = readAtom(state, flags);
  const bounds = readBounds(state.scanner);
  if (!bounds) return body;
  const lazy = state.scanner.skip('?') !== flags.ungreedy;
  if (body.kind === 'assertion' || /^[*+?]/.test(state.scanner.peek())) throw beyondSubset('a doubled repetition');
  const repeat: RepeatNode = { kind: 'repeat', minimum: bounds[0], maximum: bounds[1], lazy, body };
  return repeat;
}

function readSequence(state: State, flags: Flags): RegexNode {
  const items: RegexNode[] = [];
  let current = flags;
  while (state.scanner.peek() !== '' && state.scanner.peek() !== '|' && state.scanner.peek() !== ')') {
    const change = state.scanner.match(/\(\?([a-zA-Z-]+)\)/y);
    if (change) current = changeFlags(current, change[1] ?? '');
    else items.push(readRepeat(state, current));
  }
  return items.length === 1 && items[0] ? items[0] : { kind: 'sequence', items };
}

function readChoice(state: State, flags: Flags): RegexNode {
  const branches = [readSequence(state, flags)];
  while (state.scanner.skip('|')) branches.push(readSequence(state, flags));
  return branches.length === 1 && branches[0] ? branches[0] : { kind: 'choice', branches };
}

/** Takes a pattern apart. Throws BeyondSubset for what has no counterpart in JavaScript, valid or not. */
export function parseRegex(pattern: string, flagText = ''): ParsedRegex {
  const leading = /^\(\?([a-zA-Z]*i[a-zA-Z]*)\)/.exec(pattern);
  const text = leading ? pattern.slice(leading[0].length) : pattern;
  const letters = `${flagText}${leading?.[1] ?? ''}`;
  const none: Flags = { multiLine: false, dotAll: false, ungreedy: false };
  const state: State = { scanner: createScanner(text), depth: 0, hasSets: false };
  const root = readChoice(state, changeFlags(none, letters.replaceAll('i', '')));
  if (state.scanner.peek() !== '') throw beyondSubset('a closing bracket');
  return { root, ignoreCase: letters.includes('i'), hasSets: state.hasSets };
}
