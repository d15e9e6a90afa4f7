import type { KqlNode } from '../ast.ts';
import type { Environment } from './environment.ts';
import { holdsBelow } from './filters/time-terms.ts';
import { type MadeColumn, namesAny } from './made-columns.ts';
import { isWindowName } from './names.ts';
import { calledName } from './nodes.ts';
import { isTimeCall } from './reach.ts';
import { tablesRead, type UseIndex } from './tables-read.ts';

/** Tells of an expression whether it may give something else for the same row in another run, whatever columns it names. */
export type Changes = (node: KqlNode) => boolean;

const DRAWING = new Set(['rand', 'new_guid']);

/** It may where it asks for the time, reads a table or a foreign source, or draws lots. */
export function changesIn(environment: Environment, index: UseIndex): Changes {
  return (node) =>
    tablesRead(node, environment, index).size > 0 ||
    holdsBelow(node, { environment, definitions: new Map() }, isFleeting);
}

function isFleeting(node: KqlNode): boolean {
  if (isTimeCall(node) || node.kind === 'ExternalDataExpression') return true;
  if (node.kind === 'NameReference') return node.reference?.kind === 'parameter' && isWindowName(node.reference.name);
  const isCall = node.kind === 'FunctionCallExpression' && node.reference?.builtIn === true;
  return isCall && DRAWING.has(calledName(node));
}

/** Of the columns that an operator makes, those that are made of `changing` ones or change by themselves. */
export function madeOfChanging(
  made: readonly MadeColumn[],
  changing: readonly number[],
  changes: Changes,
): readonly number[] {
  return made.filter(({ source }) => namesAny(source, changing) || changes(source)).map(({ id }) => id);
}
