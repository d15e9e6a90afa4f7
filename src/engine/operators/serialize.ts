import type { KqlNode } from '../../kql/ast.ts';
import { itemsOf } from '../../kql/ast.ts';
import type { Scope, TableStep } from '../compile/scope.ts';
import { compileExtend, compileNothing } from './project.ts';

/** `serialize`: rows keep their order here anyway; its items work as in extend, over rows that it has put in an order. */
export function compileSerialize(node: KqlNode, scope: Scope): TableStep {
  return itemsOf(node, 'Expressions').length > 0 ? compileExtend(node, { ...scope, input: null }) : compileNothing();
}
