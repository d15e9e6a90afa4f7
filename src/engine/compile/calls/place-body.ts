import { childOf, type KqlNode } from '../../../kql/ast.ts';
import type { Span } from '../../problem.ts';

/**
 * The body of a called function with offsets into the query text: the binder counts those of a body from the body's own start. A
 * stored function has no place in the text, so everything in it stands for its call.
 */
export function placedBody(body: KqlNode, call: KqlNode, declaration: KqlNode | null): KqlNode {
  const declared = declaration ? childOf(declaration, 'Body') : null;
  if (!declared) return placed(body, () => call);
  const distance = declared.start - body.start;
  return placed(body, ({ start, end }) => ({ start: start + distance, end: end + distance }));
}

/** Bodies of calls inside are left alone: they are placed when their call is compiled. */
function placed(node: KqlNode, place: (span: Span) => Span): KqlNode {
  const { start, end } = place(node);
  return { ...node, start, end, children: node.children.map((child) => placed(child, place)) };
}
