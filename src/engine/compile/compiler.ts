import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import { compileGraph } from '../graph/compile-graph.ts';
import { unsupported } from '../problem.ts';
import { emptyValue } from '../runtime/column.ts';
import { callExpression } from './calls/apply.ts';
import { compileCall } from './calls/call.ts';
import { scalarFunction } from './calls/library.ts';
import { constantExpression, type Expression, evaluateOnce, onceExpression } from './expression.ts';
import { compileLiteral, isLiteral } from './literal.ts';
import { compileHasList, compileIn } from './membership.ts';
import { describe, nameOf, required, typeNameOf } from './nodes.ts';
import { compileBetween, compileBinary, compileLogical, compileUnary } from './operation.ts';
import { compilePipeOperator } from './pipe.ts';
import { compileElement, compileName, compilePath } from './reference.ts';
import { type Compilation, lookUp, partitionKey, type Scope } from './scope.ts';
import { compileTable } from './tabular.ts';
import { withNotes } from './watched.ts';

type Form = (node: KqlNode, scope: Scope) => Expression;

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['NameReference', compileName],
  ['PathExpression', compilePath],
  ['ElementExpression', compileElement],
  ['FunctionCallExpression', compileCall],
  ['AndExpression', compileLogical],
  ['OrExpression', compileLogical],
  ['BetweenExpression', compileBetween],
  ['NotBetweenExpression', compileBetween],
  ['InExpression', compileIn],
  ['InCsExpression', compileIn],
  ['NotInExpression', compileIn],
  ['NotInCsExpression', compileIn],
  ['HasAnyExpression', compileHasList],
  ['HasAllExpression', compileHasList],
  ['UnaryMinusExpression', compileUnary],
  ['UnaryPlusExpression', compileUnary],
  ['ToScalarExpression', compileToScalar],
  ['TypeOfLiteralExpression', compileTypeName],
]);

/** Nodes that only wrap their `Expression`. */
const WRAPPERS: ReadonlySet<string> = new Set(['ParenthesizedExpression', 'SimpleNamedExpression']);

/** The parts of a compilation that compile, for the rest of it. */
export const COMPILER: Pick<Compilation, 'expression' | 'table' | 'graph' | 'operator'> = {
  expression: compileExpression,
  table: compileTable,
  graph: compileGraph,
  operator: compilePipeOperator,
};

function compileExpression(node: KqlNode, scope: Scope): Expression {
  return withNotes(compileNode(node, scope), node, scope);
}

function compileNode(node: KqlNode, scope: Scope): Expression {
  if (node.kind === 'DateTimeLiteralExpression' && !node.value?.trim()) return currentTime(node, scope);
  if (isLiteral(node)) return compileLiteral(node, scope.compilation.evaluation.now);
  if (WRAPPERS.has(node.kind)) return compileExpression(required(node, 'Expression'), scope);
  const form = FORMS.get(node.kind);
  if (form) return form(node, scope);
  if (node.children.some((child) => child.role === 'Operator')) return compileBinary(node, scope);
  throw unsupported(`the ${describe(node)}`, node);
}

/** `datetime()` is now(). */
function currentTime(node: KqlNode, scope: Scope): Expression {
  return callExpression(scalarFunction('now'), [], 'datetime', node, scope);
}

/** `toscalar(rand())`: one value, whatever the function. */
function scalarOnce(expression: Expression): Expression {
  return expression.free ? onceExpression(expression.type, () => evaluateOnce(expression)) : expression;
}

/** `typeof(long)` as an argument: the type's name. */
function compileTypeName(node: KqlNode): Expression {
  const [type] = itemsOf(node, 'Types');
  return constantExpression('string', type ? typeNameOf(type) : '');
}

/** `toscalar(...)`: the first cell of a table, computed once. */
function compileToScalar(node: KqlNode, scope: Scope): Expression {
  const inner = required(node, 'Expression');
  const key = lookUp(scope.environment, partitionKey(nameOf(inner)));
  if (inner.kind === 'NameReference' && key?.kind === 'scalar') return key.expression;
  if (!inner.columns) return scalarOnce(scope.compilation.expression(inner, scope));
  const plan = scope.compilation.table(inner, scope);
  const type = node.type && node.type !== 'unknown' ? node.type : (inner.columns[0]?.type ?? 'dynamic');
  return onceExpression(type, () => plan().columns[0]?.values()[0] ?? emptyValue(type));
}
