/** Small readers of the bound tree, see src/kql/ast.ts. */

export function childOf(node, role) {
  return node.children.find((child) => child.role === role) ?? null;
}

export function itemsOf(node, role) {
  return childOf(node, role)?.children ?? [];
}

export function argumentsOf(call) {
  const list = childOf(call, 'ArgumentList');
  return list ? itemsOf(list, 'Expressions') : [];
}

export function nameOf(node) {
  if (node.text) return node.text;
  if (node.value !== null) return node.value;
  const name = childOf(node, 'Name') ?? node.children[0];
  return name ? nameOf(name) : '';
}

export function unwrap(node) {
  const inner = node.kind === 'ParenthesizedExpression' ? childOf(node, 'Expression') : null;
  return inner ? unwrap(inner) : node;
}

/** Name and expression of `name = expression`; null for anything else. */
export function assignmentOf(node) {
  if (node.kind !== 'SimpleNamedExpression') return null;
  return { name: nameOf(childOf(node, 'Name')), expression: childOf(node, 'Expression') };
}

export function parameterOf(operator, name) {
  const parameter = itemsOf(operator, 'Parameters').find((one) => nameOf(one) === name);
  const value = parameter ? childOf(parameter, 'Expression') : null;
  return value ? nameOf(value) : null;
}
