import { childOf, itemsOf, nameOf, parameterOf, unwrap } from './nodes.mjs';
import { wishAt } from './slots.mjs';
import { share } from './wish.mjs';

/** Splits the wishes between the sides and makes the keys one value. */
export function joined(operator, wishes, context, input) {
  const right = childOf(operator, 'Expression');
  const kind = parameterOf(operator, 'kind') ?? 'innerunique';
  const names = (side) => new Set((side?.columns ?? []).map((column) => column.name));
  const sides = { left: new Map(), right: new Map() };
  const [leftNames, rightNames] = [names(input), names(right)];
  for (const [name, wish] of wishes) place(name, wish, sides, leftNames, rightNames, kind);
  if (/anti/.test(kind)) return antiJoin(kind, sides, right, context);
  const clause = childOf(operator, 'ConditionClause');
  for (const condition of clause ? itemsOf(clause, 'Expressions') : []) uniteKeys(condition, sides);
  if (right) context.demand(right, sides.right);
  return sides.left;
}

function place(name, wish, sides, leftNames, rightNames, kind) {
  const onlyRight = /^right(semi|anti)/.test(kind);
  const suffixed = name.replace(/1$/, '');
  if (leftNames.has(name) && !onlyRight) sides.left.set(name, wish);
  else if (rightNames.has(name)) sides.right.set(name, wish);
  else if (rightNames.has(suffixed)) sides.right.set(suffixed, wish);
  else sides.left.set(name, wish);
}

/** The other side of an anti join must not match: it gets no rows for these keys. */
function antiJoin(kind, sides, right, context) {
  if (kind === 'rightanti' || kind === 'rightantisemi') {
    context.demand(right, sides.right);
    return null;
  }
  return sides.left;
}

function uniteKeys(condition, sides) {
  const node = unwrap(condition);
  if (node.kind === 'AndExpression') {
    for (const role of ['Left', 'Right']) uniteKeys(childOf(node, role), sides);
  } else if (node.kind === 'EqualExpression') {
    const keys = [childOf(node, 'Left'), childOf(node, 'Right')].map(keyOf);
    const left = keys.find((key) => key?.side === '$left');
    const right = keys.find((key) => key?.side === '$right');
    if (left && right) share(wishAt(sides.left, left.name), wishAt(sides.right, right.name));
  } else if (node.kind === 'NameReference') {
    share(wishAt(sides.left, nameOf(node)), wishAt(sides.right, nameOf(node)));
  }
}

function keyOf(node) {
  const path = unwrap(node);
  if (path.kind !== 'PathExpression') return null;
  return { side: nameOf(childOf(path, 'Expression')), name: nameOf(childOf(path, 'Selector')) };
}
