import type { KqlNode } from '../../../kql/ast.ts';
import { nameOf, required } from '../../compile/nodes.ts';
import type { Scope } from '../../compile/scope.ts';
import { unsupported } from '../../problem.ts';
import type { Value } from '../../value.ts';

/**
 * The constants at the end of a plugin's call, by their names: each may be told by name, or by its place among `names`.
 * A value that is not constant, and a name that is not among them, is refused.
 */
export function pluginOptions(
  nodes: readonly KqlNode[],
  names: readonly string[],
  plugin: string,
  scope: Scope,
): ReadonlyMap<string, Value> {
  return new Map(
    nodes.map((node, place) => {
      const name = node.kind === 'SimpleNamedExpression' ? nameOf(required(node, 'Name')) : names[place];
      const value = scope.compilation.expression(node, scope).constant;
      if (name === undefined || !names.includes(name) || value === undefined)
        throw unsupported(`this argument of ${plugin}()`, node);
      return [name, value] as const;
    }),
  );
}
