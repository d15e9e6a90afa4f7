import type { KqlNode } from '../../../kql/ast.ts';
import { argumentsOf } from '../../../kql/ast.ts';
import { unsupported } from '../../problem.ts';
import type { Expression } from '../expression.ts';
import { nameOf, required } from '../nodes.ts';
import { columnExpression } from '../reference.ts';
import type { Scope } from '../scope.ts';
import { withChoiceNotes } from '../watched.ts';
import { callExpression } from './apply.ts';
import { aggregateFunction, scalarFunction } from './library.ts';
import { SPECIAL_FORMS } from './special-forms.ts';
import { compileUserScalar } from './user-function.ts';

/** Names of aggregates that pick a row instead of computing a value. */
export const ROW_PICKERS: ReadonlySet<string> = new Set([
  'arg_max',
  'arg_min',
  'argmax',
  'argmin',
  'take_any',
  'any',
  'anyif',
  'take_anyif',
]);

/** A function call in scalar position. */
export function compileCall(node: KqlNode, scope: Scope): Expression {
  const name = functionName(node);
  if (node.reference && !node.reference.builtIn) return compileUserScalar(node, scope);
  const graphCall = scope.graph?.call(node, scope);
  if (graphCall) return graphCall;
  if (scope.aggregates && (aggregateFunction(name) || ROW_PICKERS.has(name))) return scope.aggregates.add(node);
  const form = SPECIAL_FORMS.get(name);
  if (form) return form(node, scope);
  const named = scalarFunction(name);
  if (!named.found) throw unsupported(`the function ${name}()`, node);
  const args = argumentsOf(node).flatMap((argument) => argumentValues(argument, scope));
  return callExpression(named, withChoiceNotes(name, node, args, scope), resultType(node), node, scope);
}

/** `*` stands for all columns. */
function argumentValues(node: KqlNode, scope: Scope): Expression[] {
  if (node.kind !== 'StarExpression') return [scope.compilation.expression(node, scope)];
  return scope.columns.map(({ name, type }) => columnExpression(name, type, node, scope));
}

export function functionName(node: KqlNode): string {
  return node.reference?.name || nameOf(required(node, 'Name'));
}

export function resultType(node: KqlNode): string {
  const type = node.type;
  return !type || type === 'unknown' || type === 'error' || type === 'tuple' ? 'dynamic' : type;
}
