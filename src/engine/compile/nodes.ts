import { childOf, itemsOf, type KqlNode, walk } from '../../kql/ast.ts';
import { unsupported } from '../problem.ts';

/** The child in a role that the grammar guarantees. */
export function required(node: KqlNode, role: string): KqlNode {
  const child = childOf(node, role);
  if (!child) throw unsupported(`this form of ${describe(node)}`, node);
  return child;
}

/** A node's kind in words, for messages: `MakeSeriesOperator` becomes `make series operator`. */
export function describe(node: KqlNode): string {
  return node.kind.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** The operator's first token, as the author wrote it. */
export function keywordOf(node: KqlNode): string {
  for (const part of walk(node)) if (part.text) return part.text;
  return describe(node);
}

/** The name that a declaration or reference spells, brackets and quotes resolved. */
export function nameOf(node: KqlNode): string {
  if (node.text) return node.text;
  if (node.value !== null) return node.value;
  const name = childOf(node, 'Name') ?? childOf(node, 'Pattern') ?? node.children[0];
  return name ? nameOf(name) : '';
}

/** An expression without the parentheses around it. */
export function unwrap(node: KqlNode): KqlNode {
  const inner = node.kind === 'ParenthesizedExpression' ? childOf(node, 'Expression') : null;
  return inner ? unwrap(inner) : node;
}

/** Operator parameters such as `kind=inner`, `hint.strategy=shuffle`, by name. */
export function parametersOf(node: KqlNode, role = 'Parameters'): ReadonlyMap<string, KqlNode> {
  const parameters = itemsOf(node, role).filter((item) => item.kind === 'NamedParameter');
  return new Map(parameters.map((item) => [nameOf(required(item, 'Name')), required(item, 'Expression')]));
}

/** The text of a parameter's value: a token, a string literal or a name. */
export function parameterValue(value: KqlNode | undefined): string | null {
  if (!value) return null;
  return value.value ?? nameOf(value);
}

/** Throws for a parameter that is neither known nor a hint. */
export function expectParameters(
  node: KqlNode,
  parameters: ReadonlyMap<string, KqlNode>,
  known: readonly string[],
): void {
  for (const [name, value] of parameters) {
    if (known.includes(name) || name.startsWith('hint.') || name.startsWith('__')) continue;
    throw unsupported(`the parameter '${name}' of ${describe(node)}`, value);
  }
}

/** The KQL type that a type expression names. */
export function typeNameOf(node: KqlNode): string {
  if (node.reference?.kind === 'type') return node.reference.name;
  const token = node.children.find((child) => child.text);
  return canonicalType(token?.text ?? '');
}

const TYPE_ALIASES: Readonly<Record<string, string>> = {
  boolean: 'bool',
  int32: 'int',
  int64: 'long',
  double: 'real',
  float: 'real',
  date: 'datetime',
  time: 'timespan',
  uuid: 'guid',
  uniqueid: 'guid',
  object: 'dynamic',
};

function canonicalType(text: string): string {
  return TYPE_ALIASES[text.toLowerCase()] ?? text.toLowerCase();
}
