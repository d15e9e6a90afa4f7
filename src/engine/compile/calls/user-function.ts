import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf, childOf, itemsOf } from '../../../kql/ast.ts';
import { queryFailed, unsupported } from '../../problem.ts';
import { converter } from '../../values/convert.ts';
import { hiddenProblem, mayRead } from '../access.ts';
import { constantExpression, type Expression } from '../expression.ts';
import { nameOf, required, typeNameOf } from '../nodes.ts';
import { childEnvironment, type Declaration, type Declarations, lookUp, type Scope, type TablePlan } from '../scope.ts';
import { declareStatement } from '../statements.ts';
import { placedBody } from './place-body.ts';

/** A call of a `let` function or a stored function that gives one value. */
export function compileUserScalar(node: KqlNode, scope: Scope): Expression {
  const { body, inner } = enterFunction(node, scope, null);
  return scope.compilation.expression(required(body, 'Expression'), inner);
}

/** A call that gives a table; `input` is the implicit first argument of `invoke`. */
export function compileUserTable(node: KqlNode, scope: Scope, input: TablePlan | null): TablePlan {
  const { body, inner } = enterFunction(node, scope, input);
  return scope.compilation.table(required(body, 'Expression'), inner);
}

interface Entered {
  readonly body: KqlNode;
  readonly inner: Scope;
}

function enterFunction(node: KqlNode, scope: Scope, input: TablePlan | null): Entered {
  const name = node.reference?.name ?? nameOf(node);
  const { declaration, environment } = findFunction(name, node, scope);
  if (!node.body) throw unsupported(`the function ${name}() called from within itself`, node);
  const names = childEnvironment(environment);
  bindParameters(node, declaration, names, scope, input);
  const inner: Scope = { ...scope, environment: names, aggregates: null };
  const body = placedBody(node.body, node, environment ? declaration : null);
  for (const statement of itemsOf(body, 'Statements')) declareStatement(statement, inner);
  return { body, inner };
}

function findFunction(
  name: string,
  node: KqlNode,
  scope: Scope,
): { declaration: KqlNode; environment: Declarations | null } {
  const declared = lookUp(scope.environment, name);
  if (declared?.kind === 'function') return declared;
  if (!mayRead(name, scope.environment)) throw hiddenProblem(name, node);
  const stored = scope.compilation.surroundings.storedFunctions.get(name);
  if (stored) return { declaration: stored, environment: null };
  throw queryFailed(`The function '${name}' is not known.`, node);
}

function bindParameters(
  call: KqlNode,
  declaration: KqlNode,
  names: Declarations,
  scope: Scope,
  input: TablePlan | null,
): void {
  const parameters = itemsOf(required(declaration, 'Parameters'), 'Parameters');
  const given = argumentsOf(call);
  const named = new Map(
    given.filter((one) => one.kind === 'SimpleNamedExpression').map((one) => [nameOf(required(one, 'Name')), one]),
  );
  const positional = given.filter((one) => one.kind !== 'SimpleNamedExpression');
  let next = 0;
  parameters.forEach((parameter, index) => {
    const name = nameOf(required(required(parameter, 'NameAndType'), 'Name'));
    if (index === 0 && input) {
      names.names.set(name, { kind: 'table', plan: input, view: false });
      return;
    }
    const byName = named.get(name);
    const argument = byName ? required(byName, 'Expression') : positional[next];
    if (!byName) next += 1;
    names.names.set(name, bindArgument(parameter, argument ?? null, call, scope));
  });
}

function bindArgument(parameter: KqlNode, argument: KqlNode | null, call: KqlNode, scope: Scope): Declaration {
  const type = required(required(parameter, 'NameAndType'), 'Type');
  const isTable = type.kind === 'SchemaTypeExpression';
  const fallback = childOf(parameter, 'DefaultValue');
  const value = argument ?? (fallback ? required(fallback, 'Value') : null);
  if (!value) throw queryFailed(`An argument is missing in this call.`, call);
  if (isTable || value.columns) return { kind: 'table', plan: scope.compilation.table(value, scope), view: false };
  const expression = coerced(scope.compilation.expression(value, scope), typeNameOf(type));
  return { kind: 'scalar', expression, rows: scope.rows };
}

/** The argument as the parameter's declared type. */
function coerced(argument: Expression, type: string): Expression {
  const convert = type && type !== argument.type ? converter(argument.type, type) : null;
  if (!convert) return argument;
  if (argument.constant !== undefined) return constantExpression(type, convert(argument.constant));
  return {
    ...argument,
    type,
    column: null,
    bind: (table) => {
      const get = argument.bind(table);
      return (row) => convert(get(row));
    },
  };
}
