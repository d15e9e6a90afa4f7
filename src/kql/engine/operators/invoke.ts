import type { KqlNode } from '../../ast.ts';
import { calledName } from '../compile/call.ts';
import { required } from '../compile/nodes.ts';
import type { Operator, Plan, Scope } from '../compile/scope.ts';
import { compileUserTable } from '../compile/user-function.ts';
import { failed } from '../problem.ts';
import type { Table } from '../runtime/table.ts';
import { compileEnrichment, isEnrichment } from './enrichment.ts';

/** `invoke f(x)`: the rows so far are the function's first argument. */
export function compileInvoke(node: KqlNode, scope: Scope): Operator {
  const call = required(node, 'Function');
  if (isEnrichment(calledName(call), scope)) return compileEnrichment(call, node.columns ?? [], scope);
  const holder: { input: Table | null } = { input: null };
  const input: Plan = () => {
    if (!holder.input) throw failed('invoke ran without rows.', node);
    return holder.input;
  };
  const plan = compileUserTable(call, scope, input);
  return (table) => {
    holder.input = table;
    return plan();
  };
}
