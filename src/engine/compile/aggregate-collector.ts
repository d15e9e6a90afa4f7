import type { KqlNode } from '../../kql/ast.ts';
import type { Expression } from './expression.ts';

/** Gathers the aggregate calls inside one expression, so that each can run over the groups first. */
export interface AggregateCollector {
  /** Takes an aggregate call; the answer reads its value from the row of the group. */
  add(node: KqlNode): Expression;
}
