import type { KqlNode } from '../../ast.ts';
import { unsupported } from '../problem.ts';
import { describe, itemsOf, nameOf, required } from './nodes.ts';
import { once } from './once.ts';
import type { Plan, Scope } from './scope.ts';

/** Takes one statement before the final expression into the scope's environment. */
export function declare(statement: KqlNode, scope: Scope): void {
  switch (statement.kind) {
    case 'LetStatement':
      declareLet(statement, scope);
      return;
    case 'SetOptionStatement':
      checkOption(statement);
      return;
    case 'QueryParametersStatement':
      throw unsupported('query parameters', statement);
    default:
      throw unsupported(`a ${describe(statement)} in this place`, statement);
  }
}

/** Options that would change the answer; others only steer the service. */
const ANSWERING_OPTIONS: ReadonlySet<string> = new Set(['query_now', 'truncationmaxrecords', 'truncationmaxsize']);

function checkOption(statement: KqlNode): void {
  const name = nameOf(required(statement, 'Name')).toLowerCase();
  if (ANSWERING_OPTIONS.has(name)) throw unsupported(`the option ${name}`, statement);
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

function compileResult(result: KqlNode, scope: Scope): Plan {
  if (result.columns) return scope.compilation.table(result, scope);
  const last = result.kind === 'PipeExpression' ? required(result, 'Operator') : result;
  throw unsupported(`the ${describe(last)} as a query`, last);
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
  const plans = results.map((one) => compileResult(one, scope));
  if (plans.length > 1)
    scope.compilation.warnings.push(`The query has ${plans.length} results; the first one is given.`);
  return plans[0] as Plan;
}
