import type { KqlNode } from '../../kql/ast.ts';
import { argumentsOf, childOf, itemsOf, walk } from '../../kql/ast.ts';
import { constantExpression } from '../compile/expression.ts';
import { describe, nameOf, required, unwrap } from '../compile/nodes.ts';
import {
  childEnvironment,
  type Declarations,
  lookUp,
  type Scope,
  stepValue,
  type TablePlan,
} from '../compile/scope.ts';
import { shared } from '../compile/shared.ts';
import { declareStatement } from '../compile/statements.ts';
import { queryFailed, unsupported } from '../problem.ts';
import { legOrMissing, unionOptionsOf, uniteLegs } from './union.ts';

/** `macro-expand entities as X (query)`: the query once for each entity, and the rows of all of them. Every database is the local one. */
export function compileMacroExpand(node: KqlNode, scope: Scope): TablePlan {
  const options = unionOptionsOf(node, ['kind', 'isfuzzy']);
  const name = nameOf(required(required(node, 'ScopeReferenceName'), 'EntityGroupReferenceName'));
  const statements = itemsOf(node, 'StatementList');
  const entities = entitiesOf(required(node, 'EntityGroup'), scope);
  refuseUnlike(entities, node);
  const legs = entities.flatMap((entity, index) =>
    legOrMissing(`union_arg${index}`, options, () => {
      const environment = childEnvironment(scope.environment);
      declareEntity(name, entity, environment, scope);
      return compileBody(statements, node, { ...scope, environment });
    }),
  );
  const [missing] = options.missing;
  if (legs.length === 0 && missing) throw missing;
  return shared(() => uniteLegs(legs, options, scope));
}

function entitiesOf(group: KqlNode, scope: Scope): readonly KqlNode[] {
  const inner = unwrap(group);
  if (inner.kind === 'EntityGroupExpression') return itemsOf(inner, 'Entities');
  const declared = inner.kind === 'NameReference' ? lookUp(scope.environment, nameOf(inner)) : null;
  if (declared?.kind !== 'entities') throw queryFailed('macro-expand needs an entity group that the query has.', inner);
  return declared.entities;
}

/** The binder reads the query with the columns of the first entity alone. */
function refuseUnlike(entities: readonly KqlNode[], node: KqlNode): void {
  const shapes = entities.flatMap(({ columns }) => columns?.map(({ name, type }) => `${name}:${type}`).join() ?? []);
  if (new Set(shapes).size > 1) throw unsupported('macro-expand over tables with different columns', node);
}

function declareEntity(name: string, entity: KqlNode, environment: Declarations, scope: Scope): void {
  if (entity.columns) {
    environment.names.set(name, { kind: 'table', plan: scope.compilation.table(entity, scope), view: false });
    return;
  }
  const texts = ['database', 'cluster'].map((called) => textArgument(called, entity));
  const facts = [
    ['$current_database', texts[0] ?? ''],
    ['$current_cluster_endpoint', texts[1] ?? ''],
  ] as const;
  if (texts[0] === null) throw unsupported(`the ${describe(entity)} as an entity`, entity);
  for (const [fact, text] of facts) {
    const expression = constantExpression('string', text);
    environment.names.set(stepValue(name, fact), { kind: 'scalar', expression, rows: scope.rows });
  }
}

/** `database('d')` and `cluster('c')`: what their argument says. */
function textArgument(called: string, entity: KqlNode): string | null {
  for (const node of walk(entity)) {
    if (node.kind !== 'FunctionCallExpression' || nameOf(node) !== called) continue;
    return argumentsOf(node)[0]?.value ?? '';
  }
  return null;
}

function compileBody(statements: readonly KqlNode[], node: KqlNode, scope: Scope): TablePlan {
  const result = statements.at(-1);
  const expression = result ? childOf(result, 'Expression') : null;
  if (!expression || result?.kind !== 'ExpressionStatement') throw unsupported('macro-expand without a query', node);
  for (const statement of statements.slice(0, -1)) declareStatement(statement, scope);
  return scope.compilation.table(expression, scope);
}
