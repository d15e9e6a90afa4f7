import { argumentsOf, childOf, type KqlNode, walk } from '../../ast.ts';
import { periodMs } from '../call-constant.ts';
import { constantOf } from '../constant.ts';
import type { Constant } from '../constant-kinds.ts';
import { calledName, innermost } from '../nodes.ts';
import { definitionOf, type Standpoint, type TimeTerm, timeTerm } from './time-terms.ts';

/** How far before now a time lies at most or at least, in ms; not `exact` where it is rounded. `open`: nothing constant says it. */
export type Limit = { readonly ms: number; readonly exact: boolean } | 'open';

/** What one condition says of a time. */
export interface TimeLimits {
  /** The column, or the call of `ingestion_time()`, whose value is compared. */
  readonly subject: KqlNode;
  /** Whether the time is compared as the row has it, and nothing was computed of it before. */
  readonly isPlain: boolean;
  readonly lower: Limit | null;
  readonly upper: Limit | null;
  /** `column`: the time itself is compared; `difference`: its distance from now, by subtraction or datetime_diff. */
  readonly form: 'column' | 'difference';
  /** Of a `between`, the end that says `upper`. */
  readonly upperEnd: 'First' | 'Second';
}

type Order = '>' | '>=' | '<' | '<=' | '==';

const ORDERS: Readonly<Record<string, Order>> = {
  GreaterThanExpression: '>',
  GreaterThanOrEqualExpression: '>=',
  LessThanExpression: '<',
  LessThanOrEqualExpression: '<=',
  EqualExpression: '==',
};
const MIRRORED: Readonly<Record<Order, Order>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=', '==': '==' };

/** The limits that a comparison or `between` sets to a time; null where it does not compare a time with something outside the row. */
export function timeLimits(condition: KqlNode, place: Standpoint): TimeLimits | null {
  const node = innermost(condition);
  if (node.kind === 'BetweenExpression') return rangeLimits(node, place);
  const order = ORDERS[node.kind];
  const left = childOf(node, 'Left');
  const right = childOf(node, 'Right');
  if (!order || !left || !right) return null;
  return comparedLimits(left, order, right, place) ?? comparedLimits(right, MIRRORED[order], left, place);
}

/** What it says of a time that it is not before a value which is the same for all rows. */
export function lowerLimit(time: KqlNode, first: KqlNode, place: Standpoint): TimeLimits | null {
  const term = timeTerm(time, place);
  return term && columnLimits(term, '>=', instantLimit(first, place) ?? 'open');
}

function comparedLimits(side: KqlNode, order: Order, other: KqlNode, place: Standpoint): TimeLimits | null {
  // First, because of a time whose type is not known the binder takes `now() - Time` for a time.
  const difference = differenceOf(side, place);
  const term = difference ? null : timeTerm(side, place);
  if (term) return columnLimits(term, order, limitOf(other, place));
  if (!difference) return null;
  if (order !== '==') return differenceLimits(difference, order, other, place);
  const [least, most] = (['>=', '<='] as const).map((one) => differenceLimits(difference, one, other, place));
  return least && most ? { ...least, lower: least.lower ?? most.lower, upper: least.upper ?? most.upper } : null;
}

function columnLimits(
  { subject, isPlain, addedMs, exact }: TimeTerm,
  order: Order,
  limit: Limit | null,
): TimeLimits | null {
  if (!limit) return null;
  const moved = limit === 'open' ? limit : { ms: limit.ms + addedMs, exact: limit.exact && exact };
  const lower = order === '==' || order.startsWith('>') ? moved : null;
  const upper = order === '==' || order.startsWith('<') ? moved : null;
  return { subject, isPlain, lower, upper, form: 'column', upperEnd: 'Second' };
}

/** A value that other columns of the row decide bounds nothing. */
function limitOf(node: KqlNode, place: Standpoint): Limit | null {
  return instantLimit(node, place) ?? (readsRow(node) ? null : 'open');
}

function instantLimit(node: KqlNode, { environment }: Standpoint): Limit | null {
  const constant = constantOf(node, environment);
  return constant?.kind === 'instant' ? { ms: 0 - constant.offsetMs, exact: constant.exact } : null;
}

function readsRow(node: KqlNode): boolean {
  for (const part of walk(node)) if (part.reference?.kind === 'column') return true;
  return false;
}

/** `now() - Timestamp`, or datetime_diff of the two: the distance grows with age, or falls where `mirrored`. */
interface Difference {
  readonly term: TimeTerm;
  /** How far before now the other end lies. */
  readonly baseMs: number;
  /** null: a timespan; else the length of the period that it is measured in. */
  readonly unitMs: number | null;
  /** Whether the borders of periods are counted. */
  readonly counted: boolean;
  readonly mirrored: boolean;
}

function differenceOf(side: KqlNode, place: Standpoint): Difference | null {
  const node = innermost(side);
  const defined = definitionOf(node, place);
  if (defined) return computed(differenceOf(defined.node, { ...place, environment: defined.environment }));
  if (node.kind === 'SubtractExpression') {
    return differenceBetween(childOf(node, 'Left'), childOf(node, 'Right'), null, place);
  }
  if (node.kind === 'DivideExpression') return dividedDifference(node, place);
  if (node.kind !== 'FunctionCallExpression' || !node.reference?.builtIn) return null;
  if (calledName(node) !== 'datetime_diff') return null;
  const [unit, first, second] = argumentsOf(node);
  const name = unit ? constantOf(unit, place.environment) : null;
  const unitMs = name?.kind === 'text' ? periodMs(name.value) : null;
  return unitMs === null ? null : differenceBetween(first ?? null, second ?? null, unitMs, place);
}

function computed(difference: Difference | null): Difference | null {
  return difference && { ...difference, term: { ...difference.term, isPlain: false } };
}

/** `(now() - Timestamp) / 1h`: how many hours lie between. */
function dividedDifference(node: KqlNode, place: Standpoint): Difference | null {
  const [left, right] = [childOf(node, 'Left'), childOf(node, 'Right')];
  const unit = right && constantOf(right, place.environment);
  const difference = left && differenceOf(left, place);
  if (unit?.kind !== 'span' || unit.ms <= 0 || !difference || difference.unitMs !== null) return null;
  return computed({ ...difference, unitMs: unit.ms });
}

function differenceBetween(
  first: KqlNode | null,
  second: KqlNode | null,
  unitMs: number | null,
  place: Standpoint,
): Difference | null {
  if (!first || !second) return null;
  const own = timeTerm(first, place);
  const term = own ?? timeTerm(second, place);
  const base = constantOf(own ? second : first, place.environment);
  if (!term || base?.kind !== 'instant') return null;
  return { term, baseMs: 0 - base.offsetMs, unitMs, counted: unitMs !== null, mirrored: own !== null };
}

/** A count of periods is a count of their borders, so it reaches up to one period further than it says. */
function differenceLimits(
  { term, baseMs, unitMs, counted, mirrored }: Difference,
  given: Exclude<Order, '=='>,
  other: KqlNode,
  { environment }: Standpoint,
): TimeLimits | null {
  const size = lengthOf(constantOf(other, environment), unitMs);
  if (size === null) return null;
  const order = mirrored ? MIRRORED[given] : given;
  const border = counted && (order === '<=' || order === '>') ? (unitMs ?? 0) : 0;
  const ms = baseMs + term.addedMs + (mirrored ? -size : size) + border;
  const limit = { ms, exact: unitMs === null && term.exact };
  const isLower = order.startsWith('<');
  const form = term.exact ? 'difference' : 'column';
  const upperEnd = mirrored ? 'Second' : 'First';
  const { subject, isPlain } = term;
  return { subject, isPlain, lower: isLower ? limit : null, upper: isLower ? null : limit, form, upperEnd };
}

/** A span, or a number of units, in ms; null: it is neither. */
function lengthOf(constant: Constant | null, unitMs: number | null): number | null {
  if (unitMs === null) return constant?.kind === 'span' ? constant.ms : null;
  return constant?.kind === 'number' ? constant.value * unitMs : null;
}

/** `between (a .. b)`: both ends belong to it; after a time, a span counts from the first end. */
function rangeLimits(node: KqlNode, place: Standpoint): TimeLimits | null {
  const left = childOf(node, 'Left');
  const range = childOf(node, 'Right');
  const first = range ? childOf(range, 'First') : null;
  const second = range ? childOf(range, 'Second') : null;
  if (!left || !first || !second) return null;
  const from = comparedLimits(left, '>=', first, place);
  const to = lengthLimits(from, second, place) ?? comparedLimits(left, '<=', second, place);
  if (!from || !to) return null;
  return { ...from, lower: from.lower ?? to.lower, upper: from.upper ?? to.upper };
}

function lengthLimits(from: TimeLimits | null, second: KqlNode, { environment }: Standpoint): TimeLimits | null {
  const length = constantOf(second, environment);
  if (from?.form !== 'column' || second.type !== 'timespan') return null;
  const known = from.lower !== null && from.lower !== 'open' && length?.kind === 'span' ? from.lower : null;
  const upper: Limit = known && length?.kind === 'span' ? { ms: known.ms - length.ms, exact: known.exact } : 'open';
  return { ...from, lower: null, upper };
}
