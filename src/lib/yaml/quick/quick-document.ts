import { type Node, Pair, type Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { blockInline, type Inline, keyAt } from './inline-value.ts';
import { textScalar } from './plain-scalar.ts';

/** Where the reader stands: at the first character of a line with code. */
interface Reader {
  readonly source: string;
  /** -1 behind the last line. */
  indent: number;
  at: number;
  lineEnd: number;
}

/** Deeper than rules are, and less than the stack of any machine. */
const MOST_NESTED = 24;
const SPACE = 32;
const HASH = 35;
const NOT_PLAIN = /\r|^(?:---|\.\.\.)/m;
const BLOCK_HEADER = /[|>]-?/y;

/**
 * The contents of a text that says plainly what it says, as nearly all rules do: maps and lists in lines, values on one line, quoted
 * or not, and block scalars. null: something else stands in it, a mistake among other things, and the library must read it. What comes back are the
 * library's own nodes, with the same values and places; comments are left out.
 */
export function quickContents(source: string): Node | null {
  if (NOT_PLAIN.test(source)) return null;
  const reader: Reader = { source, indent: -1, at: 0, lineEnd: 0 };
  goToCode(reader, 0);
  const map = reader.indent === 0 ? readMap(reader, 0) : null;
  return map && isAtEnd(reader) ? map : null;
}

function isAtEnd({ indent }: Reader): boolean {
  return indent < 0;
}

/** To the next line that is neither blank nor a comment; `from` is where a line begins. */
function goToCode(reader: Reader, from: number): void {
  const { source } = reader;
  for (let start = from; start < source.length; ) {
    const at = codeAt(source, start);
    const end = endOfLine(source, at);
    if (at < end && source.charCodeAt(at) !== HASH) {
      Object.assign(reader, { indent: at - start, at, lineEnd: end });
      return;
    }
    start = end + 1;
  }
  Object.assign(reader, { indent: -1, at: source.length, lineEnd: source.length });
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

function readMap(reader: Reader, depth: number): YAMLMap | null {
  const { indent, at: start } = reader;
  if (depth > MOST_NESTED) return null;
  const map = new YAMLMap();
  while (reader.indent === indent && !isDash(reader)) {
    const key = keyAt(reader.source, reader.at);
    const value = key && readValue(reader, { from: key.end + 1, indent, mayBeLevel: true, depth });
    if (!value) return null;
    map.items.push(new Pair(key.node, value));
  }
  return ended(map, reader, start, indent);
}

function readList(reader: Reader, depth: number): YAMLSeq | null {
  const { indent, at: start } = reader;
  if (depth > MOST_NESTED) return null;
  const list = new YAMLSeq();
  while (reader.indent === indent && isDash(reader)) {
    const item = readItem(reader, indent, depth);
    if (!item) return null;
    list.items.push(item);
  }
  return ended(list, reader, start, indent);
}

/** What is indented more than what it should stand beside goes on with a value, or is a mistake. */
function ended<T extends YAMLMap | YAMLSeq>(node: T, reader: Reader, start: number, indent: number): T | null {
  if (reader.indent > indent) return null;
  node.range = [start, reader.at, reader.at];
  return node;
}

function isDash({ source, at }: Reader): boolean {
  return source[at] === '-' && (source[at + 1] === ' ' || source[at + 1] === '\n');
}

function readItem(reader: Reader, indent: number, depth: number): Node | null {
  const { source, at, lineEnd } = reader;
  const from = codeAt(source, at + 1);
  if (from >= lineEnd || !keyAt(source, from)) return readValue(reader, { from, indent, mayBeLevel: false, depth });
  Object.assign(reader, { indent: indent + from - at, at: from });
  return readMap(reader, depth + 1);
}

interface ValuePlace {
  /** Behind the colon or dash. */
  readonly from: number;
  /** Of what the value belongs to. */
  readonly indent: number;
  /** Whether a list may stand in the same column as what it belongs to. */
  readonly mayBeLevel: boolean;
  readonly depth: number;
}

function readValue(reader: Reader, { from, indent, mayBeLevel, depth }: ValuePlace): Node | null {
  const { source, lineEnd } = reader;
  const at = codeAt(source, from);
  if (at >= lineEnd || source.charCodeAt(at) === HASH) {
    goToCode(reader, lineEnd + 1);
    const isDeeper = reader.indent > indent;
    if (isDash(reader) && (isDeeper || (mayBeLevel && reader.indent === indent))) return readList(reader, depth + 1);
    return isDeeper ? readMap(reader, depth + 1) : null;
  }
  if (source[at] === '|' || source[at] === '>') return readBlockScalar(reader, at, indent);
  const found = blockInline(source, at, lineEnd);
  return found && endsLine(reader, found) ? found.node : null;
}

/** Behind a value only a comment may stand. */
function endsLine(reader: Reader, { end }: Inline): boolean {
  const { source, lineEnd } = reader;
  const at = codeAt(source, end);
  if (at < lineEnd && (at === end || source.charCodeAt(at) !== HASH)) return false;
  goToCode(reader, lineEnd + 1);
  return true;
}

function readBlockScalar(reader: Reader, start: number, parent: number): Scalar | null {
  const { source, lineEnd } = reader;
  BLOCK_HEADER.lastIndex = start;
  const [header = ''] = BLOCK_HEADER.exec(source) ?? [];
  if (start + header.length !== lineEnd) return null;
  const found = blockLines(source, lineEnd + 1, parent);
  if (!found || (header.startsWith('>') && !found.isEven)) return null;
  const { lines, end } = found;
  const text = lines.join(header.startsWith('>') ? ' ' : '\n') + (header.endsWith('-') ? '' : '\n');
  goToCode(reader, end);
  return textScalar({ text, start, end, type: header.startsWith('>') ? 'BLOCK_FOLDED' : 'BLOCK_LITERAL' });
}

interface BlockLines {
  readonly lines: readonly string[];
  /** Behind the end of the last line that is not blank. */
  readonly end: number;
  /** Whether no line is blank or indented more than the others. */
  readonly isEven: boolean;
}

function blockLines(source: string, from: number, parent: number): BlockLines | null {
  const indent = codeAt(source, from) - from;
  const lines: string[] = [];
  let [end, kept, isEven] = [from, 0, true];
  for (let start = from; start < source.length; start = endOfLine(source, start) + 1) {
    const at = codeAt(source, start);
    const lineEnd = endOfLine(source, at);
    const isBlank = at === lineEnd;
    if (isBlank && at > start) return null;
    if (!isBlank && at - start < indent) break;
    lines.push(source.slice(start + indent, lineEnd));
    if (isBlank) continue;
    isEven &&= lines.length === kept + 1 && at - start === indent && source[at] !== '\t';
    [end, kept] = [Math.min(lineEnd + 1, source.length), lines.length];
  }
  if (indent <= parent || kept === 0 || source[from] === '\n') return null;
  return { lines: lines.slice(0, kept), end, isEven };
}

function codeAt(source: string, start: number): number {
  let at = start;
  while (source.charCodeAt(at) === SPACE) at += 1;
  return at;
}
