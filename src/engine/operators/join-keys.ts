import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import type { Budget } from '../budget.ts';
import { nameOf, required, unwrap } from '../compile/nodes.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { codesOf, indexOf, isPlain } from '../runtime/codes.ts';
import { lazyColumn, type TableColumn, type Values } from '../runtime/column.ts';
import { groupRows } from '../runtime/group.ts';
import type { JoinCodes } from '../runtime/join.ts';
import { findColumn, type Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { converter } from '../values/convert.ts';
import { type GroupKey, groupKey } from '../values/group-key.ts';

/** One condition: a column of each side. */
export interface JoinKey {
  readonly left: string;
  readonly right: string;
  readonly node: KqlNode;
}

/** The `on` clause as pairs of column names. */
export function joinKeys(node: KqlNode): JoinKey[] {
  const clause = childOf(node, 'ConditionClause') ?? childOf(node, 'LookupClause');
  if (clause?.kind !== 'JoinOnClause') throw unsupported('a join without `on`', node);
  return itemsOf(clause, 'Expressions').flatMap(keysOf);
}

function keysOf(item: KqlNode): JoinKey[] {
  const node = unwrap(item);
  if (node.kind === 'AndExpression') return [...keysOf(required(node, 'Left')), ...keysOf(required(node, 'Right'))];
  if (node.kind === 'NameReference') {
    const name = node.reference?.name || nameOf(node);
    return [{ left: name, right: name, node }];
  }
  if (node.kind !== 'EqualExpression') throw unsupported('this join condition', node);
  const sides = [sideOf(required(node, 'Left')), sideOf(required(node, 'Right'))];
  const left = sides.find((side) => side?.table === '$left');
  const right = sides.find((side) => side?.table === '$right');
  if (!left || !right) throw unsupported('this join condition', node);
  return [{ left: left.column, right: right.column, node }];
}

function sideOf(item: KqlNode): { readonly table: string; readonly column: string } | null {
  const node = unwrap(item);
  if (node.kind !== 'PathExpression') return null;
  const table = nameOf(required(node, 'Expression'));
  const selector = required(node, 'Selector');
  const column = selector.kind === 'BracketedExpression' ? required(selector, 'Expression') : selector;
  return { table, column: column.reference?.name || nameOf(column) };
}

/**
 * Encodes the keys of both sides together. Null matches null in every kind of join and in lookup, as recorded on the real engine
 * (docs/kql-differences.md says where), although `null == null` is null in an expression.
 */
export function encodeKeys(keys: readonly JoinKey[], left: Table, right: Table, budget: Budget): JoinCodes {
  const pairs = keys.map((key) => matched(columnFor(left, key.left, key.node), columnFor(right, key.right, key.node)));
  const [only] = pairs;
  if (only && pairs.length === 1) {
    return encodeSides(only[0], only[1], { left: left.rowCount, right: right.rowCount }, budget);
  }
  const columns = pairs.map(([first, second]) =>
    lazyColumn(first.name, first.type, () => first.values().concat(second.values() as never)),
  );
  const { groups, count } = groupRows(columns, left.rowCount + right.rowCount, budget);
  return { left: groups.slice(0, left.rowCount), right: groups.slice(left.rowCount), count };
}

/** One key column: the right side numbers its values, the left side looks them up; what is not there matches nothing. */
function encodeSides(left: TableColumn, right: TableColumn, sizes: Sizes, budget: Budget): JoinCodes {
  const [ours, theirs] = [codesOf(left, sizes.left, budget), codesOf(right, sizes.right, budget)];
  const translated = translate(ours.distinct, left.type, indexOf(theirs, right.type));
  budget.tick(sizes.left);
  const codes = new Int32Array(sizes.left);
  for (let row = 0; row < codes.length; row += 1) codes[row] = translated[ours.codes[row] as number] as number;
  return { left: codes, right: theirs.codes, count: theirs.distinct.length };
}

function translate(values: Values, type: string, index: ReadonlyMap<GroupKey, number>): Int32Array {
  const plain = isPlain(type);
  const translated = new Int32Array(values.length);
  for (let code = 0; code < translated.length; code += 1) {
    const value = values[code] as Value;
    translated[code] = index.get(plain ? (value as GroupKey) : groupKey(value, type)) ?? -1;
  }
  return translated;
}

interface Sizes {
  readonly left: number;
  readonly right: number;
}

function columnFor(table: Table, name: string, node: KqlNode): TableColumn {
  const column = findColumn(table, name);
  if (!column) throw queryFailed(`The column '${name}' does not exist on this side of the join.`, node);
  return column;
}

/** Both key columns as one type. */
function matched(left: TableColumn, right: TableColumn): readonly [TableColumn, TableColumn] {
  if (left.type === right.type || (NUMBERS.has(left.type) && NUMBERS.has(right.type))) return [left, right];
  return [asText(left), asText(right)];
}

const NUMBERS: ReadonlySet<string> = new Set(['int', 'long', 'real']);

function asText(column: TableColumn): TableColumn {
  const convert = converter(column.type, 'string');
  if (column.type === 'string' || !convert) return column;
  return lazyColumn(column.name, 'string', () =>
    column.values().map((value) => (value === null ? null : convert(value))),
  );
}
