import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import type { Expression } from '../compile/expression.ts';
import { expectParameters, nameOf, parametersOf, parameterValue, required, typeNameOf } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { unsupported } from '../problem.ts';
import { columnOf, emptyValue } from '../runtime/column.ts';
import { selectRows, type Table, withColumns } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { type PatternPart, simpleParser, type TextParser } from './parse-pattern.ts';
import { regexParser } from './parse-regex.ts';
import { replaceColumns } from './project.ts';

interface Parse {
  readonly source: Expression;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly parser: TextParser;
}

/** `parse`: columns from a text; rows that do not match get empty ones. */
export function compileParse(node: KqlNode, scope: Scope): TableStep {
  const parse = compileParts(node, scope);
  return (input) => parsed(input, parse, scope).table;
}

/** `parse-where`: only rows that match. */
export function compileParseWhere(node: KqlNode, scope: Scope): TableStep {
  const parse = compileParts(node, scope);
  return (input) => {
    const { table, matched } = parsed(input, parse, scope);
    return selectRows(table, Int32Array.from(matched), scope.compilation.budget);
  };
}

function compileParts(node: KqlNode, scope: Scope): Parse {
  const parameters = parametersOf(node);
  expectParameters(node, parameters, ['kind', 'flags']);
  const kind = parameterValue(parameters.get('kind'))?.toLowerCase() ?? 'simple';
  const parts = itemsOf(node, 'Patterns').map((item) => partOf(item, node, scope));
  const columns = parts.flatMap((part) => (part.kind === 'column' ? [part] : []));
  const source = scope.compilation.expression(required(node, 'Expression'), scope);
  if (kind === 'regex')
    return { source, columns, parser: regexParser(parts, parameterValue(parameters.get('flags')) ?? '') };
  if (kind !== 'simple' && kind !== 'relaxed') throw unsupported(`parse kind=${kind}`, node);
  return { source, columns, parser: simpleParser(parts, kind === 'relaxed') };
}

function partOf(item: KqlNode, node: KqlNode, scope: Scope): PatternPart {
  if (item.kind === 'StarExpression') return { kind: 'star' };
  if (item.kind === 'NameDeclaration') return { kind: 'column', name: nameOf(item), type: 'string' };
  if (item.kind === 'NameAndTypeDeclaration') {
    return { kind: 'column', name: nameOf(required(item, 'Name')), type: typeNameOf(required(item, 'Type')) };
  }
  const { constant } = scope.compilation.expression(item, scope);
  if (typeof constant !== 'string') throw unsupported('a computed part of a parse pattern', node);
  return { kind: 'literal', text: constant };
}

function parsed(input: Table, parse: Parse, scope: Scope): { readonly table: Table; readonly matched: number[] } {
  const get = parse.source.bind(input);
  const values: Value[][] = parse.columns.map(() => []);
  const matched: number[] = [];
  for (let row = 0; row < input.rowCount; row += 1) {
    const text = get(row);
    const found = parse.parser(typeof text === 'string' ? text : '');
    if (found) matched.push(row);
    for (const [index, { type }] of parse.columns.entries()) values[index]?.push(found?.[index] ?? emptyValue(type));
    scope.compilation.budget.tick(1);
  }
  const made = parse.columns.map(({ name, type }, index) => columnOf(name, type, values[index] ?? []));
  return { table: withColumns(input, replaceColumns(input.columns, made)), matched };
}
