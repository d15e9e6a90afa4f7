import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { type AggregateExpression, compileAggregate } from '../compile/aggregate.ts';
import { computeValues, type Expression, evaluateOnce } from '../compile/expression.ts';
import { required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { columnOf, emptyValue, type Selection } from '../runtime/column.ts';
import { groupRows, rowsByGroup, singleGroup } from '../runtime/group.ts';
import { rowOrder, sortedRows } from '../runtime/sort.ts';
import { selectRows, type Table, tableOf } from '../runtime/table.ts';
import type { Value } from '../value.ts';
import { expressionOf } from './assignments.ts';
import { compileCount } from './sort.ts';

interface Level {
  readonly count: (() => number) | null;
  readonly of: Expression;
  readonly by: AggregateExpression;
  readonly descending: boolean;
  /** The value that stands for all groups that were cut; null: they are left out. */
  readonly others: Expression | null;
}

/** `top-nested`: the top groups of a level, within each the top groups of the next. */
export function compileTopNested(node: KqlNode, scope: Scope): TableStep {
  const levels = itemsOf(node, 'Clauses').map((clause) => compileLevel(clause, scope));
  const columns = node.columns ?? [];
  return (input) => {
    const rows: Value[][] = [];
    descend(input, levels, [], rows, scope);
    const made = columns.map(({ name, type }, index) =>
      columnOf(
        name,
        type,
        rows.map((row) => row[index] ?? emptyValue(type)),
      ),
    );
    return tableOf(made, rows.length);
  };
}

function compileLevel(clause: KqlNode, scope: Scope): Level {
  const by = expressionOf(required(clause, 'ByExpression'));
  const isOrdered = by.kind === 'OrderedExpression';
  const ordering = isOrdered ? childOf(by, 'Ordering') : null;
  const count = childOf(clause, 'Expression');
  const others = childOf(clause, 'WithOthersClause');
  return {
    count: count ? compileCount(count, scope) : null,
    of: scope.compilation.expression(expressionOf(required(clause, 'OfExpression')), scope),
    by: compileAggregate(isOrdered ? expressionOf(required(by, 'Expression')) : by, scope),
    descending: (ordering ? childOf(ordering, 'AscOrDescKeyword')?.text : null) !== 'asc',
    others: others ? scope.compilation.expression(required(others, 'Expression'), scope) : null,
  };
}

function descend(table: Table, levels: readonly Level[], path: readonly Value[], rows: Value[][], scope: Scope): void {
  const [level, ...deeper] = levels;
  if (!level) {
    scope.compilation.budget.spend(1);
    rows.push([...path]);
    return;
  }
  const { budget } = scope.compilation;
  const of = computeValues(level.of, table, budget);
  const grouping = groupRows([columnOf('of', level.of.type, of)], table.rowCount, budget);
  const measures = level.by.values(table, grouping);
  const order = rowOrder([
    { values: measures, type: level.by.type, descending: level.descending, nullsFirst: !level.descending, codes: null },
  ]);
  const ranked = sortedRows(grouping.count, order, budget);
  const members = rowsByGroup(grouping);
  const kept = level.count ? level.count() : ranked.length;
  for (const group of ranked.slice(0, kept)) {
    const value = of[grouping.first[group] as number] ?? null;
    const inner = selectRows(table, members[group] as Selection, budget);
    descend(inner, deeper, [...path, value, measures[group] ?? null], rows, scope);
  }
  if (level.others && ranked.length > kept) {
    const rest = Array.from(ranked.slice(kept)).flatMap((group) => Array.from(members[group] ?? []));
    addOthers(selectRows(table, Int32Array.from(rest), budget), levels, path, rows);
  }
}

/** One row for everything that was cut: on deeper levels it stands for all of them, too. */
function addOthers(table: Table, levels: readonly Level[], path: readonly Value[], rows: Value[][]): void {
  const grouping = singleGroup(table.rowCount);
  const cells = levels.flatMap((level) => [
    level.others ? evaluateOnce(level.others) : emptyValue(level.of.type),
    level.by.values(table, grouping)[0] ?? null,
  ]);
  rows.push([...path, ...cells]);
}
