import { argumentsOf, childOf, type KqlNode, type KqlTree, walk } from '../ast.ts';
import { calledName, innermost } from '../prepare/nodes.ts';

const MOST_TEXTS = 20;

/** Of result columns that hold one of a few texts, whatever the row, those texts: what `case`, `iff` or a literal gives. */
export function resultTexts(tree: KqlTree): Readonly<Record<string, readonly string[]>> | null {
  const columns = new Map((tree.columns ?? []).map(({ id, name }) => [id, name]));
  const found: [string, readonly string[]][] = [];
  for (const node of walk(tree.root)) {
    if (node.kind !== 'SimpleNamedExpression') continue;
    const id = childOf(node, 'Name')?.reference?.id;
    const name = id === undefined ? undefined : columns.get(id);
    const texts = name === undefined ? null : textsOf(childOf(node, 'Expression'));
    if (name !== undefined && texts && texts.length <= MOST_TEXTS) found.push([name, [...new Set(texts)]]);
  }
  return found.length === 0 ? null : Object.fromEntries(found);
}

function textsOf(given: KqlNode | null): readonly string[] | null {
  if (!given) return null;
  const node = innermost(given);
  if (node.kind === 'StringLiteralExpression') return [node.value ?? ''];
  const name = node.kind === 'FunctionCallExpression' && node.reference?.builtIn ? calledName(node) : '';
  const all = argumentsOf(node);
  if (name === 'iff' || name === 'iif') return joined(all.slice(1));
  return name === 'case' ? joined(all.filter((_, index) => index % 2 === 1 || index === all.length - 1)) : null;
}

function joined(nodes: readonly KqlNode[]): readonly string[] | null {
  const texts = nodes.map(textsOf);
  return texts.length === 0 || texts.includes(null) ? null : texts.flatMap((one) => one ?? []);
}
