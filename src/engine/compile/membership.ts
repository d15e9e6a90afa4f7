import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import type { Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { isBag } from '../values/dynamic.ts';
import { foldCase } from '../values/fold.ts';
import { groupKey } from '../values/group-key.ts';
import { callExpression } from './calls/apply.ts';
import { operatorFunction } from './calls/library.ts';
import { constantExpression, type Expression, type Getter, onceExpression, rowExpression } from './expression.ts';
import { required } from './nodes.ts';
import { operatorText } from './operation.ts';
import { columnOver, onceAText } from './over-column.ts';
import type { Scope } from './scope.ts';

/** `in`, `in~`, `!in`, `!in~`: against literals, arrays, the first column of a table or subquery. */
export function compileIn(node: KqlNode, scope: Scope): Expression {
  const left = scope.compilation.expression(required(node, 'Left'), scope);
  const list = compileList(required(node, 'Right'), scope);
  const text = operatorText(node);
  const test: Membership = {
    type: left.type,
    negated: text.startsWith('!'),
    folded: text.endsWith('~'),
  };
  if (left.constant !== undefined && list.constant !== undefined) {
    return constantExpression('bool', isMember(left.constant, setOf(list.constant, test), test));
  }
  const over = columnOver([left, list]);
  const bind = (table: Table): Getter => onceAText(bindIn(left.bind(table), list, table, test), table, over);
  return { ...rowExpression('bool', bind), invariant: left.invariant && list.invariant, over };
}

interface Membership {
  readonly type: string;
  readonly negated: boolean;
  /** Whether case does not count. */
  readonly folded: boolean;
}

function bindIn(left: Getter, list: Expression, table: Table, test: Membership): Getter {
  const listOf = list.bind(table);
  if (!list.invariant) return (row) => isMember(left(row), setOf(listOf(row), test), test);
  const members = setOf(listOf(0), test);
  if (test.type !== 'string' || test.folded) return (row) => isMember(left(row), members, test);
  return test.negated ? (row) => !members.has(left(row)) : (row) => members.has(left(row));
}

/** A list is a row of equalities: null beside null is neither equal nor unequal. */
function isMember(value: Value, members: ReadonlySet<unknown>, test: Membership): boolean | null {
  if (value === null) return members.has(NULL_MEMBER) ? null : test.negated;
  const found = members.has(memberKey(value, test));
  return test.negated ? !found : found;
}

function memberKey(value: Value, test: Membership): unknown {
  return groupKey(test.folded && typeof value === 'string' ? foldCase(value) : value, test.type);
}

/** Stands in a set of members for a null. */
const NULL_MEMBER = Symbol('null');

/** Members in the form of the left side's type; what cannot be one is never equal. */
function setOf(list: Value, test: Membership): ReadonlySet<unknown> {
  const members = new Set<unknown>();
  const convert = converter('dynamic', test.type) ?? ((value: Value) => value);
  for (const item of Array.isArray(list) ? (list as readonly Value[]) : []) {
    if (item === null && test.type !== 'string') members.add(NULL_MEMBER);
    const value = isForeign(item, test.type) ? null : convert(item);
    if (value !== null) members.add(memberKey(value, test));
  }
  return members;
}

/** Members that a conversion would change: 1.5 is no whole number, 5 is no text. */
function isForeign(item: Value, type: string): boolean {
  if (type === 'string') return typeof item !== 'string';
  return (type === 'int' || type === 'long') && typeof item === 'number' && !Number.isInteger(item);
}

/** `has_any`, `has_all` and their negations. */
export function compileHasList(node: KqlNode, scope: Scope): Expression {
  const left = scope.compilation.expression(required(node, 'Left'), scope);
  const list = compileList(required(node, 'Right'), scope);
  return callExpression(operatorFunction(operatorText(node)), [left, list], 'bool', node, scope);
}

/** The right side as one array: arrays among the items are opened, a table gives its first column. */
export function compileList(node: KqlNode, scope: Scope): Expression {
  const items = node.kind === 'ExpressionList' ? itemsOf(node, 'Expressions') : [node];
  const [only] = items;
  if (only && items.length === 1 && only.columns) return tableList(only, scope);
  const members = items.map((item) => asDynamic(scope.compilation.expression(item, scope)));
  if (members.every((member) => member.constant !== undefined)) {
    return constantExpression('dynamic', flatten(members.map((member) => member.constant as Value)));
  }
  const bind = (table: Table): Getter => {
    const getters = members.map((member) => member.bind(table));
    return (row) => flatten(getters.map((get) => get(row)));
  };
  const invariant = members.every((member) => member.invariant);
  return invariant
    ? onceExpression('dynamic', () => bind({ columns: [], rowCount: 0, ingested: null })(0))
    : rowExpression('dynamic', bind);
}

function flatten(values: readonly Value[]): Value {
  return values.flatMap((value) => {
    if (Array.isArray(value)) return value as readonly Value[];
    return isBag(value) ? [...value.values()] : [value];
  });
}

function asDynamic(expression: Expression): Expression {
  const convert = converter(expression.type, 'dynamic');
  if (expression.type === 'dynamic' || !convert) return expression;
  if (expression.constant !== undefined) return constantExpression('dynamic', convert(expression.constant));
  return {
    ...expression,
    type: 'dynamic',
    column: null,
    bind: (table) => {
      const get = expression.bind(table);
      return (row) => convert(get(row));
    },
  };
}

function tableList(node: KqlNode, scope: Scope): Expression {
  const plan = scope.compilation.table(node, scope);
  return onceExpression('dynamic', () => {
    const column = plan().columns[0];
    if (!column) return [];
    const convert = converter(column.type, 'dynamic') ?? ((value: Value) => value);
    return flatten(column.values().map(convert));
  });
}
