import type { KqlColumn, KqlNode } from '../../kql/ast.ts';
import { argumentsOf } from '../../kql/ast.ts';
import { unsupported } from '../problem.ts';
import { emptyValue, gather, type Selection, type Values } from '../runtime/column.ts';
import type { Grouping } from '../runtime/group.ts';
import type { Table } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { comparer, isNotANumber } from '../values/order.ts';
import { functionName } from './calls/call.ts';
import { computeValues, type Expression } from './expression.ts';
import { columnExpression } from './reference.ts';
import type { Scope } from './scope.ts';

/** A call of arg_max, arg_min or take_any: one row a group, of which some values are returned. */
export interface RowPicker {
  /** What is returned of the row; the key of arg_max comes first. */
  readonly outputs: readonly Expression[];
  /** The picked row of each group; -1 where the group has none. */
  pick(table: Table, grouping: Grouping): Selection;
}

/**
 * Compiles a row picker. `*` stands for all columns but the key and those in `excluded` (the by-columns).
 * Among equals the first row wins.
 */
export function compileRowPicker(node: KqlNode, scope: Scope, excluded: ReadonlySet<string>): RowPicker {
  const name = functionName(node);
  const args = argumentsOf(node);
  if (name === 'any' || name === 'take_any') return anyRow(args, scope, excluded);
  if (name === 'anyif' || name === 'take_anyif') return anyRowIf(args, node, scope);
  const [keyNode, ...rest] = args;
  if (!keyNode) throw unsupported(`${name}() without arguments`, node);
  const key = scope.compilation.expression(keyNode, scope);
  const hidden = new Set(excluded);
  if (key.column !== null) hidden.add(key.column);
  const direction = name === 'arg_min' || name === 'argmin' ? -1 : 1;
  return {
    outputs: [key, ...outputsOf(rest, scope, hidden)],
    pick: (table, grouping) =>
      extremeRows(computeValues(key, table, scope.compilation.budget), key.type, grouping, direction),
  };
}

function outputsOf(nodes: readonly KqlNode[], scope: Scope, hidden: ReadonlySet<string>): Expression[] {
  return nodes.flatMap((node) => {
    if (node.kind !== 'StarExpression') return [scope.compilation.expression(node, scope)];
    return scope.columns
      .filter((column) => !hidden.has(column.name))
      .map((column) => columnOfInput(column, node, scope));
  });
}

function columnOfInput(column: KqlColumn, node: KqlNode, scope: Scope): Expression {
  return columnExpression(column.name, column.type, node, scope);
}

/** The row with the largest (or smallest) key of each group; nulls lose against all else, and NaN wins. */
function extremeRows(keys: Values, type: string, grouping: Grouping, direction: number): Selection {
  const compare = comparer(type);
  const winners = Int32Array.from(grouping.first);
  for (let row = 0; row < keys.length; row += 1) {
    const group = grouping.groups[row] as number;
    const winner = winners[group] as number;
    if (winner === row || beats(keys[row] as Value, keys[winner] as Value, compare, direction)) winners[group] = row;
  }
  return winners;
}

function beats(value: Value, best: Value, compare: (left: Value, right: Value) => number, direction: number): boolean {
  if (value === null || (best !== null && isNotANumber(best))) return false;
  return best === null || isNotANumber(value) || compare(value, best) * direction > 0;
}

/** With one expression: the first row where it has a value; with several: the first row. */
function anyRow(args: readonly KqlNode[], scope: Scope, excluded: ReadonlySet<string>): RowPicker {
  const outputs = outputsOf(args, scope, excluded);
  const [only] = outputs;
  if (!only || outputs.length > 1) return { outputs, pick: (_table, grouping) => grouping.first };
  return {
    outputs,
    pick(table, grouping) {
      const values = computeValues(only, table, scope.compilation.budget);
      return firstWhere(grouping, (row) => values[row] !== null && values[row] !== '', grouping.first);
    },
  };
}

function anyRowIf(args: readonly KqlNode[], node: KqlNode, scope: Scope): RowPicker {
  const [valueNode, conditionNode] = args;
  if (!valueNode || !conditionNode) throw unsupported('take_anyif() without two arguments', node);
  const condition = scope.compilation.expression(conditionNode, scope);
  return {
    outputs: [scope.compilation.expression(valueNode, scope)],
    pick(table, grouping) {
      const get = condition.bind(table);
      return firstWhere(grouping, (row) => get(row) === true, new Int32Array(grouping.count).fill(-1));
    },
  };
}

function firstWhere(grouping: Grouping, accepts: (row: number) => boolean, otherwise: Selection): Selection {
  const picked = Int32Array.from(otherwise);
  const found = new Uint8Array(grouping.count);
  for (let row = 0; row < grouping.groups.length; row += 1) {
    const group = grouping.groups[row] as number;
    if (found[group] === 1 || !accepts(row)) continue;
    found[group] = 1;
    picked[group] = row;
  }
  return picked;
}

/** The first output of a row picker inside an expression, for each group. */
export function pickedValues(name: string, node: KqlNode, scope: Scope): (table: Table, grouping: Grouping) => Values {
  const picker = compileRowPicker(node, scope, new Set());
  const [output] = picker.outputs;
  if (!output || picker.outputs.length > 1)
    throw unsupported(`${name}() with several results inside an expression`, node);
  return (table, grouping) => {
    const values = computeValues(output, table, scope.compilation.budget);
    return gather(values, picker.pick(table, grouping), emptyValue(output.type));
  };
}
