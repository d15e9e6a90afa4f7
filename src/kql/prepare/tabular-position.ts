import { argumentsOf, childOf, type KqlNode } from '../ast.ts';
import { calledName, outermost } from './nodes.ts';

const LIST_OPERATORS = /^(Not)?(In|InCs|HasAny|HasAll)Expression$/;

/**
 * Whether an unresolved name or call stands where only a table can: the binder expected one, it is the value of a `let`, or it
 * is the sole operand of `in ()`.
 */
export function isTabularPosition(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  if (node.reference) return isOpenColumnOperand(node, parents);
  if (node.columns) return true;
  const outer = outermost(node, parents);
  const parent = parents.get(outer);
  if (parent?.kind === 'LetStatement' || parent?.kind === 'ExpressionStatement') return true;
  return isSoleOperand(outer, parents) || isQueryOperand(outer, parent) || isLookupTable(outer, parents);
}

/** The first argument of the plug-ins that look addresses up in a table. */
function isLookupTable(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  const list = parents.get(node);
  const call = list ? parents.get(parents.get(list) ?? list) : undefined;
  if (call?.kind !== 'FunctionCallExpression' || !/^ipv[46]_lookup$/.test(calledName(call))) return false;
  return argumentsOf(call)[0] === node;
}

function isSoleOperand(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  const list = parents.get(node);
  const operands = list && list.children.length === 1 ? parents.get(list) : null;
  const comparison = operands?.role === 'Right' ? parents.get(operands) : null;
  return LIST_OPERATORS.test(comparison?.kind ?? '');
}

/** The source of a pipe, join, lookup or union leg that the binder gave up on. */
function isQueryOperand(node: KqlNode, parent: KqlNode | undefined): boolean {
  if (!parent || node.role !== 'Expression') return false;
  return [
    'PipeExpression',
    'JoinOperator',
    'LookupOperator',
    'MaterializeExpression',
    'ToScalarExpression',
    'ToTableExpression',
  ].includes(parent.kind);
}

/** After a table of unknown columns the binder takes every name for a column of it; such an operand of `in ()` may be a table. */
function isOpenColumnOperand(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): boolean {
  const column = node.reference;
  if (column?.kind !== 'column' || node.type !== 'unknown' || !isSoleOperand(outermost(node, parents), parents)) {
    return false;
  }
  return !inputColumns(node, parents).some((one) => one === column.id);
}

function inputColumns(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): readonly number[] {
  for (let scope = parents.get(node); scope; scope = parents.get(scope)) {
    if (scope.kind !== 'PipeExpression' || scope.columns === null) continue;
    const input = childOf(scope, 'Expression')?.columns;
    if (input) return input.map((column) => column.id);
  }
  return [];
}
