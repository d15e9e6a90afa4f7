import { satisfy } from './conditions.mjs';
import { constantOf } from './constants.mjs';
import { argumentsOf, assignmentOf, childOf, nameOf, unwrap } from './nodes.mjs';
import { slotOf } from './slots.mjs';
import { isWanted, merge, rootOf } from './wish.mjs';

/** Wishes for assigned names become wishes for what their expressions are made of; the last assignment first. */
export function assign(items, wishes, context) {
  for (const item of [...items].reverse()) {
    const assignment = assignmentOf(item);
    if (!assignment) continue;
    const wish = wishes.get(assignment.name);
    wishes.delete(assignment.name);
    if (wish && isWanted(wish)) push(assignment.expression, wish, wishes, context);
    else touch(assignment.expression, wishes, context);
  }
  return wishes;
}

/** Even where nothing is wanted of it, a value that is read from inside a column should be there. */
function touch(expression, wishes, context) {
  const node = unwrap(expression);
  const reads =
    /^(PathExpression|ElementExpression)$/.test(node.kind) || nameOf(node) === 'extract' || context.needsAnswer(node);
  const call = node.kind === 'FunctionCallExpression' ? argumentsOf(node)[0] : null;
  if (reads) slotOf(node, wishes, context);
  else if (call) touch(call, wishes, context);
}

export function push(expression, wish, wishes, context) {
  const node = unwrap(expression);
  const slot = slotOf(node, wishes, context);
  if (slot) return merge(slot, wish);
  const kept = rootOf(wish);
  const wanted = kept.candidates?.find((one) => typeof one === 'boolean');
  if (node.type === 'bool' && node.kind !== 'FunctionCallExpression')
    return satisfy(node, wishes, wanted ?? true, context);
  if (node.kind === 'FunctionCallExpression') return pushCall(node, kept, wanted, wishes, context);
  if (node.kind === 'ToScalarExpression') return context.demand(childOf(node, 'Expression'), new Map());
  return undefined;
}

function pushCall(node, wish, wanted, wishes, context) {
  const [name, values] = [nameOf(node), argumentsOf(node)];
  if (name === 'case' || name === 'iff' || name === 'iif') return pushChoice(values, wish, wishes, context);
  if (/^strcat/.test(name)) return pushConcatenation(values, wish, wishes, context);
  if (/^(strlen|array_length)$/.test(name)) return lengthen(name, values[0], wish, wishes, context);
  if (node.body) return context.inCall(node, (body) => push(body, wish, wishes, context));
  if (node.type === 'bool') satisfy(node, wishes, wanted ?? true, context);
  return undefined;
}

function lengthen(name, value, wish, wishes, context) {
  const slot = slotOf(value, wishes, context);
  const length = Math.min(wish.least ?? wish.candidates?.[0] ?? 0, 2000);
  if (slot) rootOf(slot).length = length;
  if (name === 'array_length') context.repeat(length);
}

/** Takes the branch whose value fits; else the first. */
function pushChoice(values, wish, wishes, context) {
  for (let at = 0; at + 1 < values.length; at += 2) {
    const value = constantOf(values[at + 1], context);
    if (!fits(value, wish)) continue;
    satisfy(values[at], wishes, true, context);
    if (value === undefined) push(values[at + 1], wish, wishes, context);
    return;
  }
  if (values.length > 2) push(values.at(-1), wish, wishes, context);
}

function fits(value, wish) {
  if (value === undefined) return true;
  if (wish.candidates) return wish.candidates.some((one) => String(one) === String(value));
  if (wish.excluded.some((one) => String(one) === String(value))) return false;
  if (typeof value !== 'number') return wish.parts.every((part) => String(value).includes(part.text));
  return (wish.least === null || value >= wish.least) && (wish.most === null || value <= wish.most);
}

function pushConcatenation(values, wish, wishes, context) {
  const variable = values.find((value) => constantOf(value, context) === undefined);
  const slot = variable ? slotOf(variable, wishes, context) : null;
  if (slot) rootOf(slot).parts.push(...wish.parts);
}
