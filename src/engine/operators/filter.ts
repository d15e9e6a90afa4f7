import type { KqlNode } from '../../kql/ast.ts';
import type { Budget } from '../budget.ts';
import type { Expression } from '../compile/expression.ts';
import { required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import type { Selection } from '../runtime/column.ts';
import { selectRows, type Table } from '../runtime/table.ts';

const CHUNK = 4096;

/** `where`: rows for which the condition is true; null counts as false. */
export function compileFilter(node: KqlNode, scope: Scope): TableStep {
  const condition = scope.compilation.expression(required(node, 'Condition'), scope);
  const { budget } = scope.compilation;
  return (input) => filterRows(input, condition, budget);
}

export function filterRows(input: Table, condition: Expression, budget: Budget): Table {
  if (condition.constant === true) return input;
  const rows = matchingRows(input, condition, budget);
  return rows.length === input.rowCount ? input : selectRows(input, rows, budget);
}

export function matchingRows(input: Table, condition: Expression, budget: Budget): Selection {
  const get = condition.bind(input);
  const rows = new Int32Array(input.rowCount);
  let count = 0;
  for (let row = 0; row < input.rowCount; row += 1) {
    if (get(row) === true) {
      rows[count] = row;
      count += 1;
    }
    if (row % CHUNK === 0) budget.tick(CHUNK);
  }
  return rows.slice(0, count);
}
