import { type KqlNode, walk } from '../../kql/ast.ts';
import { INGESTED } from '../table-data.ts';
import { functionName } from './calls/call.ts';
import { scalarFunction } from './calls/library.ts';
import { SPECIAL_FORMS } from './calls/special-forms.ts';
import { nameOf, required } from './nodes.ts';
import { rangeTest } from './ranges.ts';
import { lookUp, rowScope, type Scope } from './scope.ts';

/** Keeps the condition of a `where` right behind a stored table, so that whoever reads the table can leave out other rows. */
export function noteTableFilter(table: KqlNode, filter: KqlNode, scope: Scope): void {
  if (table.kind !== 'NameReference' || table.reference?.kind === 'function') return;
  const name = table.reference?.name || nameOf(table);
  const read = lookUp(scope.environment, name) ? undefined : scope.compilation.reads.get(name);
  const condition = required(filter, 'Condition');
  if (!read || !isSteady(condition, scope)) return;
  const rows = rowScope(scope, table.columns ?? [], table);
  read.conditions.push({
    expression: scope.compilation.expression(condition, rows),
    columns: columnsIn(condition),
    mayHold: rangeTest(condition, rows),
  });
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
