import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { unsupported } from '../../problem.ts';
import type { Value } from '../../value.ts';
import { type Expression, rowExpression } from '../expression.ts';
import { columnExpression } from '../reference.ts';
import { lookUp, type Scope } from '../scope.ts';
import { optionName } from '../statements.ts';
import { callExpression } from './apply.ts';
import { scalarFunction } from './library.ts';

/** Bytes of a value of fixed size; types that are not here are refused. */
const SIZES: Readonly<Record<string, number>> = { long: 8, real: 8, datetime: 8, timespan: 8, int: 4, guid: 16 };

/** `estimate_data_size(columns)`: the bytes of a row's values; `*` stands for all columns. */
export function estimatedSize(node: KqlNode, scope: Scope): Expression {
  const columns = argumentsOf(node).flatMap((argument) => {
    if (argument.kind !== 'StarExpression') return [scope.compilation.expression(argument, scope)];
    return scope.columns.map((column) => columnExpression(column.name, column.type, argument, scope));
  });
  const other = columns.find(({ type }) => type !== 'string' && SIZES[type] === undefined);
  if (other) throw unsupported(`estimate_data_size() over ${other.type}`, node);
  return rowExpression('long', (table) => {
    const sizes = columns.map(({ type, bind }) => sizeOf(type, bind(table)));
    return (row) => sizes.reduce((sum, size) => sum + size(row), 0);
  });
}

function sizeOf(type: string, get: (row: number) => Value): (row: number) => number {
  if (type !== 'string') return () => SIZES[type] ?? 0;
  return (row) => Buffer.byteLength(String(get(row) ?? ''));
}

/** `bin_auto(value)`: bin() with the size, and bin_at() with the place, that `set` gives. */
export function automaticBin(node: KqlNode, scope: Scope): Expression {
  const [argument] = argumentsOf(node);
  const size = optionOf('query_bin_auto_size', scope);
  const at = optionOf('query_bin_auto_at', scope);
  if (!argument || !size) throw unsupported('bin_auto() without `set query_bin_auto_size`', node);
  const value = scope.compilation.expression(argument, scope);
  const args = at ? [value, size, at] : [value, size];
  return callExpression(scalarFunction(at ? 'bin_at' : 'bin'), args, value.type, node, scope);
}

function optionOf(name: string, scope: Scope): Expression | null {
  const declared = lookUp(scope.environment, optionName(name));
  return declared?.kind === 'scalar' ? declared.expression : null;
}
