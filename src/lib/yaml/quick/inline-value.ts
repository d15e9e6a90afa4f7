import { type Node, Pair, type Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { plainScalar, textScalar } from './plain-scalar.ts';

/** A value that stands on one line, and where it ends; null: more than this reader knows. */
export interface Inline {
  readonly node: Node;
  readonly end: number;
}

/** A name as nearly all keys are, in front of a colon with something behind it. */
export const PLAIN_KEY = /[A-Za-z_][\w./-]*(?=:[ \n]|:$)/y;
const PLAIN_START = /[A-Za-z0-9_./(]|[-+]\d/y;
const DOUBLE_QUOTED = /"((?:[^"\\\n\t]|\\["\\/nt])*)"/y;
const SINGLE_QUOTED = /'((?:[^'\n\t]|'')*)'/y;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t' };
/** More than anybody writes on one line; what nests deeper is somebody else's to refuse. */
const MOST_NESTED = 8;

export function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** A value behind a key or dash of a block, with `lineEnd` where its line ends. */
export function blockInline(source: string, at: number, lineEnd: number): Inline | null {
  const other = quotedOrFlow(source, at, lineEnd, 0);
  if (other !== undefined) return other;
  const comment = source.indexOf(' #', at);
  const end = comment >= 0 && comment < lineEnd ? comment : lineEnd;
  return plainInline(source, at, end);
}

/** null: not known; undefined: neither quoted nor a flow collection. */
function quotedOrFlow(source: string, at: number, lineEnd: number, depth: number): Inline | null | undefined {
  switch (source[at]) {
    case '"':
    case "'":
      return quotedInline(source, at);
    case '[':
      return depth < MOST_NESTED ? flowList(source, at, lineEnd, depth) : null;
    case '{':
      return depth < MOST_NESTED ? flowMap(source, at, lineEnd, depth) : null;
    default:
      return undefined;
  }
}

function plainInline(source: string, at: number, end: number): Inline | null {
  const text = source.slice(at, end).trimEnd();
  if (!matchAt(PLAIN_START, source, at) || text === '') return null;
  if (text.includes(': ') || text.endsWith(':') || text.includes(' #') || text.includes('\t')) return null;
  return { node: plainScalar(text, at), end: at + text.length };
}

function quotedInline(source: string, start: number): Inline | null {
  const isDouble = source[start] === '"';
  const found = matchAt(isDouble ? DOUBLE_QUOTED : SINGLE_QUOTED, source, start);
  const inner = found?.[1];
  if (!found || inner === undefined) return null;
  const text = isDouble
    ? inner.replace(/\\(.)/g, (_, escaped: string) => ESCAPED[escaped] ?? escaped)
    : inner.replaceAll("''", "'");
  const end = start + found[0].length;
  return { node: textScalar({ text, start, end, type: isDouble ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE' }), end };
}

function afterSpaces(source: string, from: number): number {
  let at = from;
  while (source[at] === ' ') at += 1;
  return at;
}

function flowValue(source: string, at: number, lineEnd: number, depth: number): Inline | null {
  const other = quotedOrFlow(source, at, lineEnd, depth + 1);
  if (other !== undefined) return other;
  let end = at;
  while (end < lineEnd && !',[]{}'.includes(source[end] ?? '')) end += 1;
  return plainInline(source, at, end);
}

function flowList(source: string, start: number, lineEnd: number, depth: number): Inline | null {
  const list = new YAMLSeq();
  const end = eachItem(source, { start, lineEnd, close: ']' }, (at) => {
    const value = flowValue(source, at, lineEnd, depth);
    if (value) list.items.push(value.node);
    return value?.end ?? null;
  });
  return closed(list, start, end);
}

function flowMap(source: string, start: number, lineEnd: number, depth: number): Inline | null {
  const map = new YAMLMap();
  const end = eachItem(source, { start, lineEnd, close: '}' }, (at) => {
    const key = keyAt(source, at);
    const value = key && flowValue(source, afterSpaces(source, key.end + 1), lineEnd, depth);
    if (value) map.items.push(new Pair(key.node, value.node));
    return value?.end ?? null;
  });
  return closed(map, start, end);
}

function closed(node: YAMLSeq | YAMLMap, start: number, end: number | null): Inline | null {
  if (end === null) return null;
  node.flow = true;
  node.range = [start, end, end];
  return { node, end };
}

export function keyAt(source: string, at: number): { readonly node: Scalar; readonly end: number } | null {
  const [text] = matchAt(PLAIN_KEY, source, at) ?? [];
  return text === undefined ? null : { node: plainScalar(text, at), end: at + text.length };
}

interface Between {
  readonly start: number;
  readonly lineEnd: number;
  readonly close: string;
}

/** Where the collection ends that begins at `start`, `read` told where each item begins and telling where it ends; null: somewhere else. */
function eachItem(source: string, between: Between, read: (at: number) => number | null): number | null {
  const { start, lineEnd, close } = between;
  let at = afterSpaces(source, start + 1);
  if (source[at] === close) return at + 1;
  while (at < lineEnd) {
    const end = read(at);
    if (end === null) return null;
    at = afterSpaces(source, end);
    if (source[at] === close) return at + 1;
    if (source[at] !== ',') return null;
    at = afterSpaces(source, at + 1);
  }
  return null;
}
