import { argumentsOf, childOf, itemsOf, nameOf, unwrap } from './nodes.mjs';

const UNITS = { d: 864e5, h: 36e5, m: 6e4, s: 1e3, ms: 1, microsecond: 1e-3, tick: 1e-4 };

/** A timespan literal in milliseconds: `7d`, `1.5h`, `01:30:00`. */
export function timespanOf(text) {
  const short = /^([\d.]+)\s*(d|h|m|s|ms|microsecond|tick)/.exec(text);
  if (short) return Number(short[1]) * UNITS[short[2]];
  const long = /^(?:(\d+)\.)?(\d+):(\d+)(?::([\d.]+))?$/.exec(text.trim());
  if (long) return (long[1] ?? 0) * 864e5 + long[2] * 36e5 + long[3] * 6e4 + (long[4] ?? 0) * 1e3;
  return Number(text) * 864e5;
}

const LITERALS = {
  StringLiteralExpression: (node) => node.value,
  CompoundStringLiteralExpression: (node) => node.value,
  LongLiteralExpression: (node) => Number(node.value),
  IntLiteralExpression: (node) => Number(node.value),
  RealLiteralExpression: (node) => Number(node.value),
  DecimalLiteralExpression: (node) => Number(node.value),
  BooleanLiteralExpression: (node) => node.value?.toLowerCase() === 'true' || node.value === '1',
  TimespanLiteralExpression: (node) => timespanOf(node.value ?? ''),
  DateTimeLiteralExpression: (node) => numberOrNothing(Date.parse(withZone(node.value ?? ''))),
  GuidLiteralExpression: (node) => node.value,
  DynamicExpression: (node) => dynamicOf(childOf(node, 'Expression')),
};

const OPERATIONS = {
  AddExpression: (a, b) => a + b,
  SubtractExpression: (a, b) => a - b,
  MultiplyExpression: (a, b) => a * b,
  DivideExpression: (a, b) => a / b,
};

const CALLS = {
  tolower: (text) => String(text).toLowerCase(),
  toupper: (text) => String(text).toUpperCase(),
  tostring: (value) => String(value),
  toint: Number,
  tolong: Number,
  toreal: Number,
  todouble: Number,
  todatetime: (value) => (typeof value === 'number' ? value : numberOrNothing(Date.parse(withZone(String(value))))),
  totimespan: (value) => (typeof value === 'number' ? value : timespanOf(String(value))),
  strcat: (...values) => values.join(''),
  pack_array: (...values) => values,
  dynamic: (value) => value,
  parse_json: (value) => (typeof value === 'string' ? jsonOrNothing(value) : value),
  todynamic: (value) => (typeof value === 'string' ? jsonOrNothing(value) : value),
  split: (text, separator) => String(text).split(separator),
  array_concat: (...values) => values.flat(),
  set_union: (...values) => values.flat(),
  startofday: (at) => Math.floor(at / 864e5) * 864e5,
  endofday: (at) => Math.floor(at / 864e5) * 864e5 + 864e5 - 1,
  datetime_add: (unit, count, at) => at + count * (UNITS[unit[0]] ?? 2.6e9),
  materialize: (value) => value,
};

/** The value of a constant expression: numbers (times in milliseconds), texts, booleans, arrays; undefined where it is none. */
export function constantOf(node, context, depth = 0) {
  if (depth > 40) return undefined;
  const inner = unwrap(node);
  const literal = LITERALS[inner.kind];
  if (literal) return literal(inner);
  const fold = (part) => (part ? constantOf(part, context, depth + 1) : undefined);
  if (inner.body) return context.inCall(inner, fold);
  if (inner.kind === 'NameReference') return fold(context.lets.get(nameOf(inner)));
  if (inner.kind === 'UnaryMinusExpression') return numberOrNothing(-fold(childOf(inner, 'Expression')));
  const operation = OPERATIONS[inner.kind];
  if (operation) return folded(operation, [childOf(inner, 'Left'), childOf(inner, 'Right')].map(fold));
  if (inner.kind !== 'FunctionCallExpression') return undefined;
  return callConstant(nameOf(inner), argumentsOf(inner).map(fold), context);
}

function callConstant(name, values, context) {
  if (name === 'now') return context.now + (values[0] ?? 0);
  if (name === 'ago') return numberOrNothing(context.now - values[0]);
  return Object.hasOwn(CALLS, name) ? folded(CALLS[name], values) : undefined;
}

function folded(operation, values) {
  return values.includes(undefined) ? undefined : operation(...values);
}

/** Arrays of a dynamic literal; bags and the rest are not needed as constants. */
function dynamicOf(node) {
  if (node?.kind === 'JsonArrayExpression') return itemsOf(node, 'Values').map(dynamicOf);
  return node && LITERALS[node.kind] ? LITERALS[node.kind](node) : undefined;
}

/** The constants of a list, dynamic arrays flattened. */
export function constantsOf(nodes, context) {
  return nodes
    .map((node) => constantOf(node, context))
    .flat(3)
    .filter((value) => value !== undefined && value !== null && typeof value !== 'object');
}

/** The expressions between the parentheses of `in (...)`, `has_any (...)`. */
export function listItems(node) {
  const inner = unwrap(node);
  return inner.kind === 'ExpressionList' ? itemsOf(inner, 'Expressions') : [inner];
}

function withZone(text) {
  return /^\d{4}-\d\d-\d\d[ T][\d:.]+$/.test(text) ? `${text.replace(' ', 'T')}Z` : text;
}

function numberOrNothing(value) {
  return Number.isFinite(value) ? value : undefined;
}

function jsonOrNothing(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
