import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { expectParameters, nameOf, parametersOf, parameterValue, required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { allMatches, compileRegex } from '../regex/compile-regex.ts';
import { columnOf, emptyValue } from '../runtime/column.ts';
import { type Table, withColumns } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { delimitedReader, looseReader, type PairReader } from './kv-reader.ts';
import { declaredColumns } from './literal-tables.ts';
import { fitted } from './parse-pattern.ts';
import { replaceColumns } from './project.ts';

const PROPERTIES = ['pair_delimiter', 'kv_delimiter', 'quote', 'escape', 'greedy', 'regex'];

/** `parse-kv`: columns from the key-value pairs of a text. */
export function compileParseKv(node: KqlNode, scope: Scope): TableStep {
  const source = scope.compilation.expression(required(node, 'Expression'), scope);
  const columns = declaredColumns(required(node, 'Keys'));
  const reader = readerOf(
    node,
    columns.map((column) => column.name),
  );
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

function readerOf(node: KqlNode, keys: readonly string[]): PairReader {
  const clause = childOf(node, 'WithClause');
  const properties = clause ? parametersOf(clause, 'Properties') : new Map<string, KqlNode>();
  expectParameters(node, properties, PROPERTIES);
  const text = (name: string): string | null => parameterValue(properties.get(name));
  const pattern = text('regex');
  if (pattern !== null) return regexReader(pattern);
  const quoting = { quotes: repeated(clause, 'quote'), escapes: repeated(clause, 'escape') };
  const [pair, assign] = [text('pair_delimiter'), text('kv_delimiter')];
  if (pair === null && assign === null) return looseReader(keys, quoting);
  const greedy = text('greedy')?.toLowerCase() === 'true';
  return delimitedReader({ pair: pair ?? ' ', assign: assign ?? '=', greedy, ...quoting });
}

/** `quote` and `escape` may be given several times. */
function repeated(clause: KqlNode | null, name: string): string[] {
  const properties = clause ? itemsOf(clause, 'Properties') : [];
  return properties
    .filter((property) => nameOf(required(property, 'Name')) === name)
    .map((property) => parameterValue(required(property, 'Expression')) ?? '')
    .filter((value) => value !== '');
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
