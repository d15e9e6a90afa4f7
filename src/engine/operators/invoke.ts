import type { KqlNode } from '../../kql/ast.ts';
import { functionName } from '../compile/calls/call.ts';
import { compileUserTable } from '../compile/calls/user-function.ts';
import { required } from '../compile/nodes.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { tableOf } from '../runtime/table.ts';
import { compileEnrichment, isEnrichment } from './enrichment.ts';

/** `invoke f(x)`: the rows so far are the function's first argument. Compiled once to be checked, then for each input: plans remember their rows. */
export function compileInvoke(node: KqlNode, scope: Scope): TableStep {
  const call = required(node, 'Function');
  if (isEnrichment(functionName(call), scope)) return compileEnrichment(call, node.columns ?? [], scope);
  compileUserTable(call, scope, () => tableOf([], 0));
  return (table) => compileUserTable(call, scope, () => table)();
}
