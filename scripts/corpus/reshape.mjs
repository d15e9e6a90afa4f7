import { constantOf } from './constants.mjs';
import { argumentsOf, assignmentOf, childOf, itemsOf, nameOf, parameterOf } from './nodes.mjs';
import { slotOf, wishAt } from './slots.mjs';
import { elementOf, fieldOf, merge, newWish, rootOf } from './wish.mjs';

/** A wish for an expanded name is one for an element of the array behind it. */
export function expand(items, wishes, context) {
  for (const item of items) {
    const inner = childOf(item, 'Expression') ?? item;
    const assignment = assignmentOf(inner);
    const expression = assignment?.expression ?? inner;
    const name = assignment?.name ?? expandedName(inner);
    const wish = wishes.get(name) ?? newWish();
    wishes.delete(name);
    const slot = slotOf(expression, wishes, context);
    if (slot) merge(elementOf(slot), wish);
  }
  return wishes;
}

/** `mv-expand todynamic(X)` expands X under its own name. */
function expandedName(node) {
  const [argument] = node.kind === 'FunctionCallExpression' ? argumentsOf(node) : [];
  return argument ? expandedName(argument) : nameOf(node);
}

/** Writes the text that the pattern takes apart: literals as they are, names as wished for. */
export function parse(operator, wishes, context) {
  const slot = slotOf(childOf(operator, 'Expression'), wishes, context);
  const kind = parameterOf(operator, 'kind') ?? 'simple';
  const pieces = itemsOf(operator, 'Patterns').map((part) => {
    if (part.kind === 'StarExpression') return '';
    const text = constantOf(part, context);
    if (text !== undefined) return kind === 'regex' ? { regex: String(text) } : String(text);
    const name = nameOf(part);
    const wish = wishes.get(name) ?? newWish();
    wishes.delete(name);
    return { wish, name, type: part.children.length > 1 ? nameOf(part.children[1]) : 'string' };
  });
  if (slot) rootOf(slot).pieces ??= { sequence: pieces };
  return wishes;
}

const ENRICHED_BY = { FileProfile: 'SHA1', SeenBy: 'DeviceId', DeviceFromIP: 'IP' };

/** Wishes for what a function of the service adds go into its answers. */
export function invoke(operator, wishes, context, input) {
  const call =
    childOf(operator, 'Function') ?? operator.children.find((child) => child.kind === 'FunctionCallExpression');
  const name = call ? nameOf(call) : '';
  if (!ENRICHED_BY[name]) return wishes;
  const [argument] = argumentsOf(call);
  const column = argument ? (argument.value ?? nameOf(argument)) : ENRICHED_BY[name];
  const known = new Set((input?.columns ?? []).map((one) => one.name));
  const key = name === 'FileProfile' && /SHA256/.test(column) ? 'SHA256' : ENRICHED_BY[name];
  const answer = context.functionRow(name, new Map([[key, wishAt(wishes, column)]]));
  for (const [other, wish] of [...wishes]) {
    if (known.has(other)) continue;
    wishes.delete(other);
    answer.set(other.replace(/1$/, ''), wish);
  }
  return wishes;
}

/** Names that `bag_unpack` makes are fields of the bag: those that the query uses and the rows before do not have. */
export function unpack(operator, wishes, context, input) {
  const call = childOf(operator, 'FunctionCall') ?? operator;
  const [bag] = argumentsOf(call);
  const slot = bag ? slotOf(bag, wishes, context) : null;
  if (nameOf(call) !== 'bag_unpack' || !slot) return wishes;
  const known = new Set((input?.columns ?? []).map((column) => column.name));
  for (const name of [...wishes.keys(), ...context.namesUsed]) {
    if (known.has(name)) continue;
    const field = fieldOf(slot, name);
    if (wishes.has(name)) merge(field, wishes.get(name));
    wishes.delete(name);
  }
  return wishes;
}
