import type { KqlNode } from '../../ast.ts';
import { unsupported } from '../problem.ts';
import { once } from './once.ts';
import { describe, itemsOf, nameOf, required } from './nodes.ts';
import type { Plan, Scope } from './scope.ts';

/** Takes one statement before the final expression into the scope's environment. */
export function declare(statement: KqlNode, scope: Scope): void {
  switch (statement.kind) {
    case 'LetStatement':
      return declareLet(statement, scope);
    case 'SetOptionStatement':
      return;
    case 'QueryParametersStatement':
      throw unsupported('query parameters', statement);
    default:
      throw unsupported(`a ${describe(statement)} in this place`, statement);
  }
}

function declareLet(statement: KqlNode, scope: Scope): void {
  const name = nameOf(required(statement, 'Name'));
  const value = required(statement, 'Expression');
  const { names } = scope.environment;
  if (value.kind === 'FunctionDeclaration') {
    names.set(name, { kind: 'function', declaration: value, environment: scope.environment });
  } else if (value.columns) {
    names.set(name, { kind: 'table', plan: once(scope.compilation.table(value, scope)), view: false });
  } else {
    names.set(name, { kind: 'scalar', expression: scope.compilation.expression(value, scope), rows: scope.rows });
  }
}

/** Compiles the whole query: its statements, then its one tabular expression. */
export function compileQuery(root: KqlNode, scope: Scope): Plan {
  const results: KqlNode[] = [];
  for (const statement of itemsOf(root, 'Statements')) {
    if (statement.kind === 'ExpressionStatement') results.push(required(statement, 'Expression'));
    else declare(statement, scope);
  }
  const [result] = results;
  if (!result) throw unsupported('a query without a result', root);
  if (results.length > 1) throw unsupported('more than one result in a query', results[1] ?? root);
  if (result.columns) return scope.compilation.table(result, scope);
  throw unsupported(`a ${describe(result)} as a query`, result);
}
