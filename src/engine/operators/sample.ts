import type { KqlNode } from '../../kql/ast.ts';
import { expressionColumn } from '../compile/expression.ts';
import { required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { groupRows } from '../runtime/group.ts';
import { selectColumn, selectRows, sequence, tableOf } from '../runtime/table.ts';
import { compileCount } from './sort.ts';

/** `sample n`: rows by chance, in input order; the same ones for the same seed. */
export function compileSample(node: KqlNode, scope: Scope): TableStep {
  const count = compileCount(required(node, 'Expression'), scope);
  const { budget, evaluation } = scope.compilation;
  return (input) => {
    if (count() >= input.rowCount) return input;
    return selectRows(
      input,
      chosen(input.rowCount, count(), () => evaluation.random()),
      budget,
    );
  };
}

/** The first `count` of a shuffle, sorted. */
function chosen(rowCount: number, count: number, random: () => number): Int32Array {
  const rows = sequence(rowCount);
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor(random() * (rowCount - index));
    const held = rows[index] as number;
    rows[index] = rows[other] as number;
    rows[other] = held;
  }
  return rows.slice(0, count).sort();
}

/** `sample-distinct n of x`: the first values met. */
export function compileSampleDistinct(node: KqlNode, scope: Scope): TableStep {
  const count = compileCount(required(node, 'Expression'), scope);
  const value = scope.compilation.expression(required(node, 'OfExpression'), scope);
  const name = node.columns?.[0]?.name ?? 'Column1';
  const { budget } = scope.compilation;
  return (input) => {
    const column = expressionColumn(name, value, input, budget);
    const grouping = groupRows([column], input.rowCount, budget);
    const first = grouping.first.slice(0, count());
    return tableOf([selectColumn(column, first, budget)], first.length);
  };
}
