import { type KqlNode, walk } from '../ast.ts';

/** Whether something is called that is neither the language's nor the query's own: it may read tables that the query does not name. */
export function callsUnknown(root: KqlNode): boolean {
  for (const node of walk(root)) if (node.kind === 'FunctionCallExpression' && !node.reference) return true;
  return false;
}
