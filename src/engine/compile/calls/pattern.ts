import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf, childOf, itemsOf } from '../../../kql/ast.ts';
import { queryFailed, unsupported } from '../../problem.ts';
import { constantExpression } from '../expression.ts';
import { nameOf, required, typeNameOf } from '../nodes.ts';
import { childEnvironment, type Declarations, lookUp, type Scope, type TablePlan } from '../scope.ts';
import { declareStatement } from '../statements.ts';

/** `Name("a").path`, or `Name("a")`: the table that the pattern of that name has for these values; null for any other call. */
export function compilePatternCall(call: KqlNode, path: string | null, scope: Scope): TablePlan | null {
  if (call.kind !== 'FunctionCallExpression') return null;
  const name = nameOf(call);
  const declared = lookUp(scope.environment, name);
  if (declared?.kind !== 'pattern') return null;
  const given = argumentsOf(call).map((node) => constantText(node, scope));
  const key = JSON.stringify([given, path]);
  const match = itemsOf(declared.declaration, 'Patterns').find((one) => keyOf(one, scope) === key);
  if (!match) throw queryFailed(`The pattern '${name}' has nothing for these values.`, call);
  const values = path === null ? given : [...given, path];
  return compileMatch(match, boundNames(declared.declaration, values, declared.environment), scope);
}

function keyOf(match: KqlNode, scope: Scope): string {
  const values = itemsOf(required(match, 'ParameterValues'), 'Expressions').map((node) => constantText(node, scope));
  const path = childOf(match, 'PathValue');
  return JSON.stringify([values, path ? constantText(required(path, 'Value'), scope) : null]);
}

function constantText(node: KqlNode, scope: Scope): string {
  const { constant } = scope.compilation.expression(node, scope);
  if (typeof constant !== 'string') throw unsupported('a value of a pattern that is no constant text', node);
  return constant;
}

/** The pattern's parameters, which its tables may read. */
function boundNames(declaration: KqlNode, values: readonly string[], environment: Declarations): Declarations {
  const path = childOf(declaration, 'PathParameter');
  const parameters = [...itemsOf(declaration, 'Parameters'), ...(path ? [required(path, 'Parameter')] : [])];
  const inner = childEnvironment(environment);
  parameters.forEach((parameter, index) => {
    const type = typeNameOf(required(parameter, 'Type'));
    if (type !== 'string') throw unsupported('a pattern with a parameter that is no string', parameter);
    const expression = constantExpression(type, values[index] ?? '');
    inner.names.set(nameOf(required(parameter, 'Name')), { kind: 'scalar', expression, rows: {} });
  });
  return inner;
}

function compileMatch(match: KqlNode, environment: Declarations, scope: Scope): TablePlan {
  const inner: Scope = { ...scope, environment, aggregates: null };
  const body = required(match, 'Body');
  for (const statement of itemsOf(body, 'Statements')) declareStatement(statement, inner);
  return scope.compilation.table(required(body, 'Expression'), inner);
}
