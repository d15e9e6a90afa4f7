import type { KqlNode } from '../../kql/ast.ts';
import { required } from '../compile/nodes.ts';
import { rowScope, type Scope, type TablePlan, type TableStep } from '../compile/scope.ts';
import { columnOf } from '../runtime/column.ts';
import { concatenate, type Table, tableOf } from '../runtime/table.ts';
import { compileRangeSource } from './literal-tables.ts';
import { seesOtherRows } from './mv-expand.ts';
import { compileCount } from './sort.ts';

/** Operators whose rows depend on the row they come from alone. */
const ROW_WISE: ReadonlySet<string> = new Set([
  'FilterOperator',
  'ExtendOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'ParseOperator',
  'ParseWhereOperator',
  'MvExpandOperator',
]);
const FIRST_BATCH = 1024;
const LARGEST_BATCH = 65_536;

interface Chain {
  readonly range: KqlNode;
  readonly steps: readonly TableStep[];
}

/** The range that a pipe begins with, and the row-wise operators behind it; null where it is made otherwise. */
function chainOf(node: KqlNode, scope: Scope): Chain | null {
  if (node.kind === 'RangeOperator') return { range: node, steps: [] };
  if (node.kind !== 'PipeExpression') return null;
  const [before, step] = [required(node, 'Expression'), required(node, 'Operator')];
  const chain = ROW_WISE.has(step.kind) && !seesOtherRows(step) ? chainOf(before, scope) : null;
  if (!chain) return null;
  const operator = scope.compilation.operator(step, rowScope(scope, before.columns ?? [], before));
  return { ...chain, steps: [...chain.steps, operator] };
}

/**
 * `range … | where … | take n`: the range is made in batches, as far as the limit needs it, so that a long one answers at once. Other
 * tables are in memory anyway.
 */
export function compileLimited(before: KqlNode, take: KqlNode, scope: Scope): TablePlan | null {
  const chain = chainOf(before, scope);
  if (!chain) return null;
  const { column, open } = compileRangeSource(chain.range, scope);
  const count = compileCount(required(take, 'Expression'), scope);
  const cut = scope.compilation.operator(take, rowScope(scope, before.columns ?? [], before));
  return () => {
    const source = open();
    const wanted = count();
    const parts: Table[] = [];
    let [rows, size] = [0, FIRST_BATCH];
    do {
      const values = source.next(Math.max(1, Math.min(size, chain.steps.length === 0 ? wanted - rows : size)));
      const batch = tableOf([columnOf(column.name, column.type, values)], values.length);
      const made = chain.steps.reduce((table, step) => step(table), batch);
      parts.push(made);
      rows += made.rowCount;
      size = Math.min(LARGEST_BATCH, size * 4);
    } while (rows < wanted && !source.isDone());
    const columns = (parts[0]?.columns ?? []).map(({ name, type }) => ({ name, type }));
    return cut(concatenate(parts, columns));
  };
}
