import type { KqlNode } from '../../kql/ast.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { memberOf } from '../values/dynamic.ts';
import { parseJsonOrTell } from '../values/json.ts';
import { compileUserScalar } from './calls/user-function.ts';
import { constantExpression, type Expression, type Getter, rowExpression } from './expression.ts';
import { nameOf, required } from './nodes.ts';
import { lookUp, partitionKey, type Scope, stepValue } from './scope.ts';

/** A name in scalar position: a column, or what `let` and parameters declare. */
export function compileName(node: KqlNode, scope: Scope): Expression {
  const name = node.reference?.name || nameOf(node);
  if (node.reference?.kind === 'column')
    return keyOfPartition(name, scope) ?? columnExpression(name, node.type, node, scope);
  const declared = lookUp(scope.environment, name);
  if (declared?.kind === 'scalar') {
    if (declared.expression.invariant || declared.expression.free || declared.rows === scope.rows)
      return declared.expression;
    throw unsupported(`'${name}', a value of an outer row, inside a subquery`, node);
  }
  if (declared?.kind === 'function' && node.body) return compileUserScalar(node, scope);
  if (declared?.kind === 'table') throw unsupported(`the table '${name}' where a single value is expected`, node);
  if (scope.columns.some((column) => column.name === name)) return columnExpression(name, node.type, node, scope);
  throw queryFailed(`The name '${name}' is not a column, table or variable that is known here.`, node);
}

/** The key for which a query of `partition by x {...}` runs, where the query's own rows have no column of that name. */
function keyOfPartition(name: string, scope: Scope): Expression | null {
  if (scope.columns.some((column) => column.name === name)) return null;
  const key = lookUp(scope.environment, partitionKey(name));
  return key?.kind === 'scalar' ? key.expression : null;
}

/** A column of the rows in reach. Its type may be known only once it is bound (bag_unpack): then it is read as dynamic. */
export function columnExpression(name: string, type: string | null, node: KqlNode, scope: Scope): Expression {
  const known = type && type !== 'unknown' && type !== 'error' ? type : null;
  return {
    type: known ?? 'dynamic',
    constant: undefined,
    invariant: false,
    column: name,
    bind: (table) => bindColumn(table, name, known, node, scope),
  };
}

function bindColumn(table: Table, name: string, type: string | null, node: KqlNode, scope: Scope): Getter {
  const column = findColumn(table, name);
  if (!column) return missingColumn(name, type, node, scope);
  const wanted = type ?? 'dynamic';
  const coded = column.type === 'string' && wanted === 'string' ? column.codes?.(false) : null;
  if (coded) return (row) => coded.distinct[coded.codes[row] as number] as Value;
  const values = column.values();
  if (column.type === wanted || !NEEDS_TEXT.has(column.type)) return (row) => values[row] as Value;
  const convert = converter(column.type, wanted) ?? (() => null);
  return (row) => convert(values[row] as Value);
}

/** A column that only the data could bring (bag_unpack, pivot) and did not: null, and said. The service refuses such a query. */
function missingColumn(name: string, type: string | null, node: KqlNode, scope: Scope): Getter {
  if (type !== null) throw queryFailed(`The column '${name}' does not exist here.`, node);
  const warning = `No row brought a column '${name}'; it is read as null.`;
  if (!scope.compilation.warnings.includes(warning)) scope.compilation.warnings.push(warning);
  return () => null;
}

/** Types whose engine value is not already their dynamic value. */
const NEEDS_TEXT: ReadonlySet<string> = new Set(['datetime', 'timespan', 'guid', 'decimal', 'real']);

/** `a.b`: a member of a bag, or what a step of scan, a pattern of a graph or an entity of macro-expand knows under that name. */
export function compilePath(node: KqlNode, scope: Scope): Expression {
  const selector = required(node, 'Selector');
  const holder = required(node, 'Expression');
  const known = lookUp(scope.environment, stepValue(nameOf(holder), nameOf(selector)));
  const isScope = holder.type === 'tuple' || holder.reference?.kind === 'other';
  if (isScope && known?.kind === 'scalar') return known.expression;
  const base = scope.compilation.expression(holder, scope);
  if (selector.kind === 'BracketedExpression') return compileElementOf(base, selector, scope);
  return member(base, constantExpression('string', nameOf(selector)), node);
}

/** `a[b]`: a member of a bag by name, or of an array by position; negative positions count from the end. */
export function compileElement(node: KqlNode, scope: Scope): Expression {
  const base = scope.compilation.expression(required(node, 'Expression'), scope);
  return compileElementOf(base, required(node, 'Selector'), scope);
}

function compileElementOf(base: Expression, selector: KqlNode, scope: Scope): Expression {
  const key = selector.kind === 'BracketedExpression' ? required(selector, 'Expression') : selector;
  return member(base, scope.compilation.expression(key, scope), selector);
}

function member(base: Expression, key: Expression, node: KqlNode): Expression {
  if (base.type !== 'dynamic' && base.type !== 'string') throw unsupported(`a member of a ${base.type} value`, node);
  const read = base.type === 'string' ? (value: Value) => textMember(value) : (value: Value) => value;
  if (base.constant !== undefined && key.constant !== undefined) {
    return constantExpression('dynamic', memberOf(read(base.constant), key.constant));
  }
  const bind = (table: Table): Getter => {
    const baseOf = base.bind(table);
    const keyOf = key.bind(table);
    if (key.invariant) {
      const fixed = keyOf(0);
      return (row) => memberOf(read(baseOf(row)), fixed);
    }
    return (row) => memberOf(read(baseOf(row)), keyOf(row));
  };
  return { ...rowExpression('dynamic', bind), invariant: base.invariant && key.invariant };
}

/** A bag or array written as text opens like one. */
function textMember(value: Value): Value {
  return typeof value === 'string' ? (parseJsonOrTell(value) ?? null) : null;
}
