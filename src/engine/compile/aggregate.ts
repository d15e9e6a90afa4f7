import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { unsupported } from '../problem.ts';
import { codesOf, isPlain } from '../runtime/codes.ts';
import { columnOf, type TableColumn, type Values } from '../runtime/column.ts';
import { countDistinctCodes } from '../runtime/distinct-count.ts';
import type { Grouping } from '../runtime/group.ts';
import { findColumn, type Table, tableOf } from '../runtime/table.ts';
import type { Aggregation, Value } from '../value.ts';
import type { AggregateCollector } from './aggregate-collector.ts';
import { functionName, ROW_PICKERS, resultType } from './calls/call.ts';
import { aggregateFunction } from './calls/library.ts';
import { computeValues, type Expression, rowExpression } from './expression.ts';
import { pickedValues } from './row-picker.ts';
import type { Scope } from './scope.ts';

/** Computes one aggregate for every group; the answer has one value a group. */
export type GroupValues = (table: Table, grouping: Grouping) => Values;

/** An expression over aggregates, such as `round(avg(x), 2)`, for every group. */
export interface AggregateExpression {
  readonly type: string;
  values(table: Table, grouping: Grouping): Values;
}

/** Compiles an expression in which aggregates may stand. */
export function compileAggregate(node: KqlNode, scope: Scope): AggregateExpression {
  const slots: { readonly name: string; readonly type: string; readonly values: GroupValues }[] = [];
  const collector: AggregateCollector = {
    add(call) {
      const name = ` aggregate ${slots.length}`;
      const type = resultType(call);
      slots.push({ name, type, values: compileCallOverGroups(call, { ...scope, aggregates: null }) });
      return slotExpression(name, type);
    },
  };
  const expression = scope.compilation.expression(node, { ...scope, aggregates: collector });
  return {
    type: expression.type,
    values(table, grouping) {
      const columns = slots.map((slot) => columnOf(slot.name, slot.type, slot.values(table, grouping)));
      return computeValues(expression, tableOf(columns, grouping.count), scope.compilation.budget);
    },
  };
}

function slotExpression(name: string, type: string): Expression {
  const read = rowExpression(type, (table) => {
    const values = table.columns.find((column) => column.name === name)?.values() ?? [];
    return (row) => values[row] ?? null;
  });
  return { ...read, column: name };
}

function compileCallOverGroups(node: KqlNode, scope: Scope): GroupValues {
  const name = functionName(node);
  if (ROW_PICKERS.has(name)) return pickedValues(name, node, scope);
  const args = argumentsOf(node).map((argument) => scope.compilation.expression(argument, scope));
  if (name === 'count' && args.length === 0) return countRows;
  return aggregateValues(name, args, resultType(node), node, scope);
}

/** One aggregate of the registry over given arguments. */
export function aggregateValues(
  name: string,
  args: readonly Expression[],
  type: string,
  node: KqlNode,
  scope: Scope,
): GroupValues {
  const aggregate = aggregateFunction(name);
  if (!aggregate) throw unsupported(`the aggregate ${name}()`, node);
  const { budget, evaluation } = scope.compilation;
  const types = args.map((arg) => arg.type);
  const bind = (constants: readonly (Value | undefined)[]): Aggregation | null =>
    aggregate.bind(types, type, constants, evaluation) as Aggregation | null;
  const bound = bind(args.map((arg) => arg.constant));
  if (!bound) throw unsupported(`${name}(${types.join(', ')})`, node);
  const late = args.some((arg) => arg.invariant && arg.constant === undefined);
  return (table, grouping) => {
    const aggregation = late ? (bind(args.map(knownValue)) ?? bound) : bound;
    budget.tick(table.rowCount);
    const counted = COUNTS_DISTINCT.has(name) ? distinctColumn(args, table) : null;
    if (counted) return Array.from(countDistinctCodes(codesOf(counted, table.rowCount, budget), grouping));
    return runAggregation(aggregation, args, table, grouping, () => budget.tick(CHUNK));
  };
}

const COUNTS_DISTINCT: ReadonlySet<string> = new Set(['dcount', 'count_distinct']);

/** The column whose distinct values are counted, where they can be told by codes; an accuracy changes nothing. */
function distinctColumn([arg, ...others]: readonly Expression[], table: Table): TableColumn | null {
  if (!arg || arg.column === null || others.some((other) => other.constant === undefined)) return null;
  const column = findColumn(table, arg.column);
  return column && column.type === arg.type && isPlain(arg.type) ? column : null;
}

function knownValue(arg: Expression): Value | undefined {
  return arg.invariant ? (arg.constant ?? arg.bind(tableOf([], 0))(0)) : undefined;
}

const CHUNK = 4096;

function runAggregation(
  aggregation: Aggregation,
  args: readonly Expression[],
  table: Table,
  grouping: Grouping,
  tick: () => void,
): Values {
  const states = Array.from({ length: grouping.count }, () => aggregation.start());
  const getters = args.map((arg) => arg.bind(table));
  const values: Value[] = new Array(args.length).fill(null);
  for (let row = 0; row < table.rowCount; row += 1) {
    for (let index = 0; index < getters.length; index += 1) values[index] = getters[index]?.(row) ?? null;
    const group = grouping.groups[row] as number;
    states[group] = aggregation.add(states[group], values);
    if (row % CHUNK === 0) tick();
  }
  return states.map((state) => aggregation.finish(state));
}

function countRows(_table: Table, grouping: Grouping): Values {
  const counts = new Float64Array(grouping.count);
  for (const group of grouping.groups) counts[group] = (counts[group] as number) + 1;
  return Array.from(counts);
}
