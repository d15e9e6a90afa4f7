import { constantOf, constantsOf, listItems } from './constants.mjs';
import { argumentsOf, childOf, nameOf, unwrap } from './nodes.mjs';
import { slotOf, unite, wishAt } from './slots.mjs';
import { atLeast, atMost, exclude, restrict, rootOf, wantPart } from './wish.mjs';

/** Text operators by the stem of their node's kind: how a match is wished for. */
const TEXT_PARTS = {
  Contains: 'has',
  Has: 'has',
  HasPrefix: 'has',
  HasSuffix: 'has',
  StartsWith: 'starts',
  EndsWith: 'ends',
  MatchesRegex: 'regex',
};

/** Notes in `wishes` what makes the condition come out as `wanted`; of alternatives the context's pass takes one. */
export function satisfy(expression, wishes, wanted, context) {
  const node = unwrap(expression);
  const handler = CONDITIONS[node.kind];
  if (handler) handler(node, wishes, wanted, context);
  else satisfyOperator(node, wishes, wanted, context);
}

const CONDITIONS = {
  AndExpression: (node, wishes, wanted, context) => combine(node, 'AndExpression', wishes, wanted, !wanted, context),
  OrExpression: (node, wishes, wanted, context) => combine(node, 'OrExpression', wishes, wanted, wanted, context),
  FunctionCallExpression: satisfyCall,
  NameReference: satisfyName,
  BetweenExpression: satisfyRange,
  NotBetweenExpression: (node, wishes, wanted, context) => satisfyRange(node, wishes, !wanted, context),
};

function combine(node, kind, wishes, wanted, one, context) {
  const sides = flattened(node, kind);
  const chosen = one ? [sides[context.choose(sides.length)]] : sides;
  for (const side of chosen) satisfy(side, wishes, wanted, context);
}

function flattened(node, kind) {
  const inner = unwrap(node);
  if (inner.kind !== kind) return [inner];
  return [childOf(inner, 'Left'), childOf(inner, 'Right')].flatMap((side) => (side ? flattened(side, kind) : []));
}

function satisfyName(node, wishes, wanted, context) {
  const bound = node.reference?.kind === 'column' ? null : context.lets.get(nameOf(node));
  if (bound && bound !== node) return satisfy(bound, wishes, wanted, context);
  const slot = slotOf(node, wishes, context);
  if (slot) restrict(slot, [wanted]);
}

const FUNCTIONS = {
  not: ([inner], wishes, wanted, context) => satisfy(inner, wishes, !wanted, context),
  isnotempty: ([value], wishes, wanted, context) => fill(value, wishes, wanted, context),
  isnotnull: ([value], wishes, wanted, context) => fill(value, wishes, wanted, context),
  notempty: ([value], wishes, wanted, context) => fill(value, wishes, wanted, context),
  isempty: ([value], wishes, wanted, context) => fill(value, wishes, !wanted, context),
  isnull: ([value], wishes, wanted, context) => fill(value, wishes, !wanted, context),
  tobool: ([value], wishes, wanted, context) => satisfy(value, wishes, wanted, context),
  coalesce: ([value], wishes, wanted, context) => satisfy(value, wishes, wanted, context),
  ipv4_is_private: ([value], wishes, wanted, context) =>
    addressIn(value, wanted ? '10.1.2.3' : '203.0.113.9', wishes, context),
  ipv4_is_in_range: ([value, range], wishes, wanted, context) => {
    const network = constantOf(range, context);
    if (wanted && typeof network === 'string') addressIn(value, network.split('/')[0], wishes, context);
  },
  set_has_element: ([array, value], wishes, wanted, context) => hasElement(array, value, wishes, wanted, context),
  iff: (parts, wishes, wanted, context) => satisfyChoice(parts, wishes, wanted, context),
  iif: (parts, wishes, wanted, context) => satisfyChoice(parts, wishes, wanted, context),
};

function satisfyCall(node, wishes, wanted, context) {
  const values = argumentsOf(node);
  const handler = FUNCTIONS[nameOf(node)];
  if (node.body) return context.inCall(node, (body) => satisfy(body, wishes, wanted, context));
  if (handler && values.length > 0) return handler(values, wishes, wanted, context);
  const slot = slotOf(node, wishes, context);
  if (slot) restrict(slot, [wanted]);
}

function fill(value, wishes, wanted, context) {
  const slot = slotOf(value, wishes, context);
  if (!slot) return;
  if (wanted) exclude(slot, ['']);
  else rootOf(slot).empty = true;
}

function addressIn(value, address, wishes, context) {
  const slot = slotOf(value, wishes, context);
  if (slot) restrict(slot, [address]);
}

function hasElement(array, value, wishes, wanted, context) {
  const slot = slotOf(array, wishes, context);
  const wish = constantOf(value, context);
  if (slot && wish !== undefined && wanted) restrict(context.elementOf(slot), [wish]);
}

function satisfyChoice([condition, whenTrue, whenFalse], wishes, wanted, context) {
  const takes = constantOf(whenTrue, context);
  const otherwise = constantOf(whenFalse, context);
  if (takes === wanted) satisfy(condition, wishes, true, context);
  else if (otherwise === wanted) satisfy(condition, wishes, false, context);
}

function satisfyRange(node, wishes, wanted, context) {
  const couple = childOf(node, 'Right');
  if (!couple || !wanted) return;
  const [low, second] = ['First', 'Second'].map((role) => constantOf(childOf(couple, role), context));
  const isSpan = childOf(couple, 'First')?.type === 'datetime' && childOf(couple, 'Second')?.type === 'timespan';
  const high = isSpan && low !== undefined ? low + second : second;
  const slot = slotOf(childOf(node, 'Left'), wishes, context);
  if (!slot) return satisfyDistance(childOf(node, 'Left'), low, high, wishes, context);
  atLeast(slot, low);
  atMost(slot, high);
}

/** `later - earlier` within a range of time or number. */
function satisfyDistance(difference, low, high, wishes, context) {
  const node = unwrap(difference);
  const call = node.kind === 'FunctionCallExpression' && nameOf(node) === 'datetime_diff';
  if (node.kind !== 'SubtractExpression' && !call) return;
  const sides = call ? argumentsOf(node).slice(1) : [childOf(node, 'Left'), childOf(node, 'Right')];
  const [later, earlier] = sides.map((side) => (side ? slotOf(side, wishes, context) : null));
  if (!later || !earlier || call) return;
  rootOf(later).after ??= {
    wish: earlier,
    by: low > 0 || low === undefined ? Math.min(low ?? 1000, high ?? low ?? 1000) : 0,
  };
}

function satisfyOperator(node, wishes, wanted, context) {
  const [left, right] = [childOf(node, 'Left'), childOf(node, 'Right')];
  if (!left || !right) return;
  const negative = /^(Not|Bang)/.test(node.kind);
  const stem = node.kind.replace(/^Not|Expression$/g, '').replace(/Cs$/, '');
  const want = negative ? !wanted : wanted;
  if (/^(Equal|BangTilde|EqualTilde)/.test(stem)) return satisfyEqual(left, right, wishes, want, context);
  if (stem === 'In' || stem === 'HasAny') return satisfyList(stem, left, right, wishes, want, context);
  if (stem === 'HasAll') return satisfyAll(left, right, wishes, want, context);
  if (COMPARISONS.has(stem)) return satisfyOrder(stem, left, right, wishes, wanted, context);
  if (TEXT_PARTS[stem]) satisfyText(TEXT_PARTS[stem], left, right, wishes, want, context);
}

function satisfyEqual(left, right, wishes, want, context) {
  const constants = [constantOf(left, context), constantOf(right, context)];
  if (constants[0] === undefined && constants[1] === undefined)
    return want ? unite(left, right, wishes, context) : undefined;
  const [value, side] = constants[1] === undefined ? [constants[0], right] : [constants[1], left];
  const slot = slotOf(side, wishes, context);
  if (typeof value === 'boolean' && !slot) return satisfy(side, wishes, value === want, context);
  if (!slot) return satisfyMeasure(side, want ? value : value + 1, wishes, context);
  if (value === '' && want) rootOf(slot).empty = true;
  else if (want) restrict(slot, [value]);
  else exclude(slot, [value]);
}

function satisfyList(stem, left, right, wishes, want, context) {
  const items = listItems(right);
  const slot = slotOf(left, wishes, context);
  if (want) {
    for (const table of items.filter((item) => context.isTable(item))) {
      const value = context.valueOfTable(table);
      if (slot && value) context.share(slot, value);
    }
  }
  const values = constantsOf(items, context);
  if (!slot || values.length === 0) return;
  if (!want) exclude(slot, values);
  else if (stem === 'In') restrict(slot, rotated(values, context.choose(values.length)));
  else wantPart(slot, 'has', values[context.choose(values.length)]);
}

function rotated(values, by) {
  return [...values.slice(by), ...values.slice(0, by)];
}

function satisfyAll(left, right, wishes, want, context) {
  const slot = slotOf(left, wishes, context);
  if (slot && want) for (const value of constantsOf(listItems(right), context)) wantPart(slot, 'has', value);
}

const COMPARISONS = new Set(['LessThan', 'LessThanOrEqual', 'GreaterThan', 'GreaterThanOrEqual']);

function satisfyOrder(stem, left, right, wishes, wanted, context) {
  const [low, high] = [constantOf(left, context), constantOf(right, context)];
  const greater = stem.startsWith('Greater') === wanted;
  if (high === undefined && low === undefined)
    return satisfyLater(greater ? left : right, greater ? right : left, wishes, context);
  const [bound, side] = high === undefined ? [low, right] : [high, left];
  const upwards = high === undefined ? !greater : greater;
  const strict = stem.endsWith('Than') === wanted ? 1 : 0;
  const limit = typeof bound === 'number' ? bound + (upwards ? strict : -strict) : bound;
  const slot = slotOf(side, wishes, context);
  if (!slot) return satisfyMeasure(side, limit, wishes, context);
  if (upwards) atLeast(slot, limit);
  else atMost(slot, limit);
}

function satisfyLater(later, earlier, wishes, context) {
  const [after, before] = [slotOf(later, wishes, context), slotOf(earlier, wishes, context)];
  if (after && before) rootOf(after).after ??= { wish: before, by: 1000 };
}

/** `strlen(x) > n`, `array_length(x) > n`, `count_ > n` where the count is an expression. */
function satisfyMeasure(expression, limit, wishes, context) {
  const node = unwrap(expression);
  if (node.kind === 'SubtractExpression') return satisfyDistance(node, limit, limit, wishes, context);
  if (node.kind !== 'FunctionCallExpression' || typeof limit !== 'number') return;
  const [value] = argumentsOf(node);
  const slot = value ? slotOf(value, wishes, context) : null;
  if (slot && /^(strlen|string_size|array_length|countof)$/.test(nameOf(node)))
    rootOf(slot).length = Math.min(limit, 2000);
  if (nameOf(node) === 'array_length') context.repeat(limit);
}

function satisfyText(kind, left, right, wishes, want, context) {
  const slot = left.kind === 'StarExpression' ? wishAt(wishes, context.searchColumn) : slotOf(left, wishes, context);
  const value = constantOf(right, context);
  if (value === undefined) {
    const other = slotOf(right, wishes, context);
    if (slot && other && want) context.merge(slot, other);
    return;
  }
  if (!slot) return;
  if (want) wantPart(slot, kind, value);
  else exclude(slot, []);
}
