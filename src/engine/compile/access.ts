import type { KqlNode } from '../../kql/ast.ts';
import { childOf, itemsOf } from '../../kql/ast.ts';
import { nameMatcher } from '../operators/project.ts';
import { QueryProblem, unsupported } from '../problem.ts';
import { nameOf, required } from './nodes.ts';
import { type Access, childEnvironment, type Declarations, lookUp, type Scope } from './scope.ts';

/** `restrict access to (…)`: the scope of the statements behind it. What was declared before still reads all that it names. */
export function restricted(statement: KqlNode, scope: Scope): Scope {
  const clause = childOf(statement, 'WithClause');
  if (clause) throw unsupported('the options of restrict', clause);
  const entities = itemsOf(statement, 'Expressions').map((entity) => entityOf(entity, scope));
  const access: Access = {
    declared: (name) => entities.some((entity) => entity.isDeclared && entity.matches(name)),
    stored: (name) => entities.some((entity) => !entity.isDeclared && entity.matches(name)),
  };
  return { ...scope, environment: childEnvironment(scope.environment, access) };
}

interface Entity {
  /** Whether the query declares it; else it is one of the database. */
  readonly isDeclared: boolean;
  readonly matches: (name: string) => boolean;
}

/** A name or `View*` means what the query declares, as in the documented examples; `database().Name` the database's. */
function entityOf(node: KqlNode, scope: Scope): Entity {
  const isQualified = node.kind === 'PathExpression';
  const name = isQualified ? required(node, 'Selector') : node;
  if (name.kind !== 'NameReference') throw unsupported('this way to name what may be read', name);
  const isWildcard = name.children.some((child) => child.kind === 'WildcardedName');
  const isDeclared = !isQualified && (isWildcard || lookUp(scope.environment, nameOf(name)) !== null);
  return { isDeclared, matches: nameMatcher(name) };
}

/** Whether the tables and functions of the database of that name can be read from here. */
export function mayRead(name: string, environment: Declarations): boolean {
  for (let current: Declarations | null = environment; current; current = current.parent)
    if (current.access?.stored(name) === false) return false;
  return true;
}

export function isRestricted(environment: Declarations): boolean {
  return environment.access !== null || (environment.parent !== null && isRestricted(environment.parent));
}

/** As of a table that is not there: `union isfuzzy=true` goes on without it. */
export function hiddenProblem(name: string, node: KqlNode): QueryProblem {
  return new QueryProblem(
    'KQL_FAILED',
    `'${name}' is not among what 'restrict access to' leaves to be read.`,
    node,
    true,
  );
}
