import type { KqlNode } from '../../kql/ast.ts';
import { QueryProblem } from '../problem.ts';
import { hiddenProblem, mayRead } from './access.ts';
import type { Scope, TablePlan } from './scope.ts';
import { shared } from './shared.ts';

/** The rows of a table of the local data. */
export function storedTable(name: string, node: KqlNode, scope: Scope): TablePlan {
  if (!mayRead(name, scope.environment)) throw hiddenProblem(name, node);
  if (!scope.compilation.surroundings.tableNames.includes(name)) {
    throw new QueryProblem('KQL_FAILED', `There is no table '${name}' in the local data.`, node, true);
  }
  scope.compilation.requested.add(name);
  const { reads } = scope.compilation;
  const read = reads.get(name) ?? { uses: 0, filters: [] };
  reads.set(name, read);
  read.uses += 1;
  return shared(() => scope.compilation.readTable(name));
}
