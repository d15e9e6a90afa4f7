import type { KqlNode } from '../../ast.ts';
import { childOf } from '../../ast.ts';
import { expectParameters, parametersOf, parameterText, required } from '../compile/nodes.ts';
import type { Operator, Scope } from '../compile/scope.ts';
import { allMatches, compileRegex } from '../regex/compile-regex.ts';
import { columnOf, emptyValue } from '../runtime/column.ts';
import { type Table, withColumns } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { declaredColumns } from './literal-tables.ts';
import { fitted } from './parse-pattern.ts';
import { replaceColumns } from './project.ts';
import { undelimitedPairs } from './undelimited-pairs.ts';

/** Reads the pairs of a text; the first of equal keys counts. */
type PairReader = (text: string) => ReadonlyMap<string, string>;

const PROPERTIES = ['pair_delimiter', 'kv_delimiter', 'quote', 'escape', 'greedy', 'regex'];

/** `parse-kv`: columns from the key-value pairs of a text. */
export function compileParseKv(node: KqlNode, scope: Scope): Operator {
  const source = scope.compilation.expression(required(node, 'Expression'), scope);
  const columns = declaredColumns(required(node, 'Keys'));
  const reader = readerOf(node);
  const { budget } = scope.compilation;
  return (input) => {
    const get = source.bind(input);
    const values: Value[][] = columns.map(() => []);
    for (let row = 0; row < input.rowCount; row += 1) {
      const text = get(row);
      const pairs = reader(typeof text === 'string' ? text : '');
      for (const [index, { name, type }] of columns.entries()) values[index]?.push(cellOf(pairs, name, type));
      budget.tick(1);
    }
    return withParsed(
      input,
      columns.map(({ name, type }, index) => columnOf(name, type, values[index] ?? [])),
    );
  };
}

function cellOf(pairs: ReadonlyMap<string, string>, name: string, type: string): Value {
  const text = pairs.get(name);
  return text === undefined ? emptyValue(type) : fitted(text, type);
}

function withParsed(input: Table, made: Table['columns']): Table {
  return withColumns(input, replaceColumns(input.columns, made));
}

function readerOf(node: KqlNode): PairReader {
  const clause = childOf(node, 'WithClause');
  const properties = clause ? parametersOf(clause, 'Properties') : new Map<string, KqlNode>();
  expectParameters(node, properties, PROPERTIES);
  const text = (name: string): string | null => parameterText(properties.get(name));
  const pattern = text('regex');
  if (pattern !== null) return regexReader(pattern);
  const [quotes, escaping] = [[...(text('quote') ?? '')], text('escape') ?? ''];
  if (text('pair_delimiter') === null && text('kv_delimiter') === null) {
    return (source) => undelimitedPairs(source, quotes, escaping);
  }
  return delimitedReader({
    pair: text('pair_delimiter') ?? ' ',
    assign: text('kv_delimiter') ?? '=',
    quotes,
    escape: escaping,
    greedy: text('greedy')?.toLowerCase() === 'true',
  });
}

/** The first two groups of each match are key and value. */
function regexReader(pattern: string): PairReader {
  const regex = compileRegex(pattern);
  return (text) => {
    const pairs = new Map<string, string>();
    for (const match of allMatches(regex, text)) {
      const [, key, value] = match.groups;
      if (typeof key === 'string' && !pairs.has(key)) pairs.set(key, value ?? '');
    }
    return pairs;
  };
}

interface Delimiters {
  /** Any of these characters ends a pair. */
  readonly pair: string;
  /** Any of these characters ends a key. */
  readonly assign: string;
  /** Opening and closing quote; one character for both. */
  readonly quotes: readonly string[];
  readonly escape: string;
  /** Whether a value goes on until the next key. */
  readonly greedy: boolean;
}

interface Position {
  readonly text: string;
  at: number;
}

function delimitedReader(delimiters: Delimiters): PairReader {
  return (text) => {
    const pairs = new Map<string, string>();
    const position: Position = { text, at: 0 };
    while (position.at < text.length) readPair(position, delimiters, pairs);
    return pairs;
  };
}

function readPair(position: Position, delimiters: Delimiters, pairs: Map<string, string>): void {
  skip(position, delimiters.pair);
  const ends = delimiters.greedy ? delimiters.assign : delimiters.assign + delimiters.pair;
  const key = readUntil(position, ends, delimiters);
  if (position.at >= position.text.length || !delimiters.assign.includes(position.text[position.at] ?? '')) return;
  skip(position, delimiters.assign);
  const value = delimiters.greedy ? readGreedy(position, delimiters) : readUntil(position, delimiters.pair, delimiters);
  if (key.trim() !== '' && !pairs.has(key.trim())) pairs.set(key.trim(), value.trim());
}

function skip(position: Position, characters: string): void {
  while (position.at < position.text.length && characters.includes(position.text[position.at] ?? '')) position.at += 1;
}

function readUntil(position: Position, ends: string, delimiters: Delimiters): string {
  const [open, close = open] = delimiters.quotes;
  if (open !== undefined && position.text[position.at] === open)
    return readQuoted(position, close ?? open, delimiters.escape);
  const start = position.at;
  while (position.at < position.text.length && !ends.includes(position.text[position.at] ?? '')) position.at += 1;
  return position.text.slice(start, position.at);
}

function readQuoted(position: Position, close: string, escaping: string): string {
  position.at += 1;
  let result = '';
  while (position.at < position.text.length && position.text[position.at] !== close) {
    if (escaping !== '' && position.text[position.at] === escaping) position.at += 1;
    result += position.text[position.at] ?? '';
    position.at += 1;
  }
  position.at += 1;
  return result;
}

/** Up to the pair delimiter before the next key. */
function readGreedy(position: Position, delimiters: Delimiters): string {
  const [open] = delimiters.quotes;
  if (open !== undefined && position.text[position.at] === open)
    return readUntil(position, delimiters.pair, delimiters);
  const { text } = position;
  const start = position.at;
  let next = start;
  while (next < text.length && !delimiters.assign.includes(text[next] ?? '')) next += 1;
  if (next >= text.length) {
    position.at = text.length;
    return text.slice(start);
  }
  let end = next;
  while (end > start && !delimiters.pair.includes(text[end] ?? '')) end -= 1;
  position.at = end;
  return text.slice(start, end);
}
