import { type KqlNode, walk } from '../../kql/ast.ts';
import { INGESTED } from '../table-data.ts';
import { functionName } from './calls/call.ts';
import { scalarFunction } from './calls/library.ts';
import { SPECIAL_FORMS } from './calls/special-forms.ts';
import { nameOf, required } from './nodes.ts';
import { isCalm, rangeTest } from './ranges.ts';
import { lookUp, rowScope, type Scope, type TableReads } from './scope.ts';

/**
 * Keeps the condition of a pipe that ends with a `where` right behind a stored table, or behind other such ones, so that whoever reads the
 * table can leave out other rows.
 */
export function noteTableFilter(pipe: KqlNode, scope: Scope): void {
  const before = withoutParentheses(required(pipe, 'Expression'));
  const condition = required(required(pipe, 'Operator'), 'Condition');
  const read = readOf(before, scope);
  const earlier = before.kind === 'PipeExpression' ? read?.filters.at(-1) : undefined;
  if (!read || (before.kind === 'PipeExpression' && earlier?.pipe !== before) || !isSteady(condition, scope)) return;
  if (earlier) read.filters.pop();
  const rows = rowScope(scope, before.columns ?? [], before);
  const mayHold = rangeTest(condition, rows);
  read.filters.push({
    pipe,
    expressions: [...(earlier?.expressions ?? []), scope.compilation.expression(condition, rows)],
    columns: new Set([...(earlier?.columns ?? []), ...columnsIn(condition)]),
    mayHold: earlier?.isCalm
      ? (rangeOf) => earlier.mayHold(rangeOf) && mayHold(rangeOf)
      : (earlier?.mayHold ?? mayHold),
    isCalm: (earlier?.isCalm ?? true) && isCalm(condition),
  });
}

function withoutParentheses(node: KqlNode): KqlNode {
  return node.kind === 'ParenthesizedExpression' ? withoutParentheses(required(node, 'Expression')) : node;
}

/** How the stored table is read with which the pipe begins; null where it begins otherwise or has something else in it than `where`. */
function readOf(node: KqlNode, scope: Scope): TableReads | null {
  if (node.kind === 'PipeExpression' && required(node, 'Operator').kind === 'FilterOperator')
    return readOf(withoutParentheses(required(node, 'Expression')), scope);
  if (node.kind !== 'NameReference' || node.reference?.kind === 'function') return null;
  const name = node.reference?.name || nameOf(node);
  return lookUp(scope.environment, name) ? null : (scope.compilation.reads.get(name) ?? null);
}

function columnsIn(condition: KqlNode): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of walk(condition)) {
    if (node.reference?.kind === 'column') names.add(node.reference.name || nameOf(node));
    if (node.kind === 'FunctionCallExpression' && functionName(node) === 'ingestion_time') names.add(INGESTED);
  }
  return names;
}

const VOLATILE: ReadonlySet<string> = new Set(['rand', 'new_guid']);

/** Whether a condition says the same of a row whenever and beside whatever others it is asked: columns, constants and plain functions of them. */
function isSteady(condition: KqlNode, scope: Scope): boolean {
  for (const node of walk(condition)) {
    if (node.columns !== null || node.kind === 'ToScalarExpression') return false;
    if (node.kind === 'FunctionCallExpression' && !isPlainCall(node)) return false;
    if (node.kind === 'NameReference' && !isSteadyName(node, scope)) return false;
  }
  return true;
}

function isPlainCall(node: KqlNode): boolean {
  const name = functionName(node);
  if (node.reference && !node.reference.builtIn) return false;
  return !VOLATILE.has(name) && !SPECIAL_FORMS.has(name) && scalarFunction(name).found !== null;
}

function isSteadyName(node: KqlNode, scope: Scope): boolean {
  const kind = node.reference?.kind;
  if (kind === 'column' || (kind === 'function' && node.reference?.builtIn)) return true;
  const declared = lookUp(scope.environment, node.reference?.name || nameOf(node));
  return declared?.kind === 'scalar' && declared.expression.constant !== undefined;
}
