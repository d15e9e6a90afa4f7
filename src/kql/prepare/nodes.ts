import { childOf, itemsOf, type KqlNode, walk } from '../ast.ts';

/** The name that a name node spells, brackets and quotes resolved; empty where there is none. */
export function nameText(node: KqlNode | null): string {
  if (!node) return '';
  for (const part of walk(node)) {
    if (part.value !== null) return part.value;
    if (part.text !== '' && part.kind !== 'OpenBracketToken') return part.text;
  }
  return '';
}

/** The name of a call as written, whether it is known or not. */
export function calledName(call: KqlNode): string {
  return nameText(childOf(call, 'Name'));
}

/** A named operator parameter such as `kind=inner`, as text; empty where it is not given. */
export function parameterText(operator: KqlNode, name: RegExp): string {
  const parameter = itemsOf(operator, 'Parameters').find((one) => name.test(nameText(childOf(one, 'Name'))));
  return parameter ? nameText(childOf(parameter, 'Expression')) : '';
}

/** Each node's parent. */
export function parentsOf(root: KqlNode): ReadonlyMap<KqlNode, KqlNode> {
  const parents = new Map<KqlNode, KqlNode>();
  for (const node of walk(root)) for (const child of node.children) parents.set(child, node);
  return parents;
}

/** The outermost parentheses around a node that hold nothing else, or the node itself. */
export function outermost(node: KqlNode, parents: ReadonlyMap<KqlNode, KqlNode>): KqlNode {
  let outer = node;
  for (let parent = parents.get(outer); parent?.kind === 'ParenthesizedExpression'; parent = parents.get(outer)) {
    outer = parent;
  }
  return outer;
}

/** A node without the parentheses around it. */
export function innermost(node: KqlNode): KqlNode {
  let inner = node;
  while (inner.kind === 'ParenthesizedExpression') {
    const next = childOf(inner, 'Expression');
    if (!next) break;
    inner = next;
  }
  return inner;
}
