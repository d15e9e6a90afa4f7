import { satisfy } from './conditions.mjs';
import { argumentsOf, assignmentOf, childOf, itemsOf, nameOf, unwrap } from './nodes.mjs';
import { assign, push } from './push.mjs';
import { slotOf } from './slots.mjs';
import { isWanted, merge, rootOf } from './wish.mjs';

/** Counts ask for more rows, other aggregates for what they collect. */
export function summarize(operator, wishes, context) {
  const by = childOf(operator, 'ByClause');
  const made = itemsOf(operator, 'Aggregates').map((item) => aggregateOf(item));
  for (const { name, call } of made) {
    const wish = wishes.get(name);
    if (!wish || !call) continue;
    wishes.delete(name);
    if (isWanted(wish)) pushAggregate(call, wish, wishes, context);
  }
  return assign(by ? itemsOf(by, 'Expressions') : [], wishes, context);
}

const PREFIXES = {
  make_set: 'set',
  make_list: 'list',
  makeset: 'set',
  makelist: 'list',
  make_set_if: 'set',
  make_list_if: 'list',
  arg_max: '',
  arg_min: '',
};

function aggregateOf(item) {
  const inner = item.kind === 'MakeSeriesExpression' ? childOf(item, 'Expression') : item;
  const assignment = assignmentOf(inner);
  const call = unwrap(assignment?.expression ?? inner);
  if (assignment) return { name: assignment.name, call };
  const [argument] = argumentsOf(call);
  const prefix = PREFIXES[nameOf(call)] ?? nameOf(call);
  const subject = argument ? nameOf(argument) : '';
  return { name: prefix === '' ? subject : `${prefix}_${subject}`, call };
}

function pushAggregate(call, wish, wishes, context) {
  const name = nameOf(call);
  const [argument, condition] = argumentsOf(call);
  const kept = rootOf(wish);
  const number = Math.max(
    kept.least ?? 0,
    kept.length,
    typeof kept.candidates?.[0] === 'number' ? kept.candidates[0] : 0,
  );
  if (/^(count|dcount|countif|dcountif|count_distinct|count_distinctif|sum|sumif)$/.test(name)) context.repeat(number);
  if (name === 'countif' && argument) return satisfy(argument, wishes, true, context);
  if (/if$/.test(name) && condition) satisfy(condition, wishes, true, context);
  const slot = argument ? slotOf(argument, wishes, context) : null;
  if (/^(dcount|count_distinct)/.test(name) && slot) rootOf(slot).varies = true;
  else if (/^(make_|makeset|makelist)/.test(name)) collect(call, slot, wish, wishes, context);
  else if (slot && !/^count/.test(name)) merge(slot, wish);
  else if (call.kind !== 'FunctionCallExpression' || slot === null) push(call, wish, wishes, context);
}

function collect(call, slot, wish, wishes, context) {
  const kept = rootOf(wish);
  const whole = slotOf(call, wishes, context);
  if (slot && kept.length > 1) rootOf(slot).varies = true;
  if (!slot || !whole) return;
  if (kept.length > 0) context.repeat(kept.length);
  rootOf(slot).parts.push(...kept.parts);
  if (kept.element) merge(slot, kept.element);
  for (const field of kept.fields.values()) merge(slot, field);
}
