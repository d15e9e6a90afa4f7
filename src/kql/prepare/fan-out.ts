import { childOf, itemsOf, type KqlColumn, type KqlNode, walk } from '../ast.ts';
import type { Fan, Flow } from './flow.ts';
import { nameText } from './nodes.ts';

/** The fans behind an operator that is no join, with the columns that it makes of what already differs. `fans` have the new ids. */
export function fansBehind(
  operator: KqlNode,
  input: Flow,
  fans: readonly Fan[],
  given: readonly KqlColumn[],
): readonly Fan[] {
  const before = new Set(given.map((column) => column.id));
  const made = (operator.columns ?? []).filter((column) => !before.has(column.id)).map((column) => column.id);
  const grown = fans.map((fan, index) => {
    const old = input.fans[index];
    const derived = old ? derivedFrom([...(old.key ?? []), ...old.columns], operator, made) : [];
    return { key: fan.key, columns: [...new Set([...fan.columns, ...derived])] };
  });
  const isExpansion = operator.kind === 'MvExpandOperator' || operator.kind === 'MvApplyOperator';
  return isExpansion
    ? [...grown, { key: null, columns: [...new Set([...made, ...expandedColumns(operator)])] }]
    : grown;
}

/** New columns whose expression names one of the ids; where an operator makes several in one go, all of them. */
function derivedFrom(ids: readonly number[], operator: KqlNode, made: readonly number[]): readonly number[] {
  const named = itemsOf(operator, 'Expressions').filter((one) => one.kind === 'SimpleNamedExpression');
  const own = new Map(named.map((one) => [childOf(one, 'Name')?.reference?.id ?? -1, one]));
  return made.filter((id) => namesAny(own.get(id) ?? operator, ids));
}

/** `invoke` names columns by text. */
function namesAny(node: KqlNode, ids: readonly number[]): boolean {
  if (node.kind === 'InvokeOperator') return true;
  for (const part of walk(node)) {
    if (part.reference?.kind === 'column' && ids.includes(part.reference.id)) return true;
  }
  return false;
}

/** `mv-expand A` keeps the name, and mostly the column. */
function expandedColumns(operator: KqlNode): readonly number[] {
  const names = itemsOf(operator, 'Expressions').map((item) => nameText(item));
  return (operator.columns ?? []).filter((column) => names.includes(column.name)).map((column) => column.id);
}
