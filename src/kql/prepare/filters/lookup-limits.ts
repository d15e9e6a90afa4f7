import { childOf, type KqlColumn, type KqlNode, walk } from '../../ast.ts';
import { ENTITY_LOOKBACK_MS } from '../../defender.ts';
import type { Environment } from '../environment.ts';
import { madeColumns, namesAny } from '../made-columns.ts';
import { bounded, type Sight, saidOf } from './bounds.ts';
import { backMs } from './own-filters.ts';
import { type Bound, movedTo, type Strand, type UnclearFilter } from './strand.ts';
import type { TimeLimits } from './time-limits.ts';
import { definitionOf } from './time-terms.ts';

const AMONG_OTHERS = 'it is one condition among others';

/**
 * As `bounded`, of a table that is looked up: what a condition says within `or`, `not` or `iff` counts, too, because it may lengthen how
 * far back the table is looked up. Unclear is what asks for its time and does not say how far back.
 */
export function boundedLookup(strand: Strand, operator: KqlNode, environment: Environment, sight: Sight): Strand {
  const condition = childOf(operator, 'Condition');
  // Where the table's own time is lost, what has its name is the time of another.
  if (!strand.time || !condition) return strand;
  const plain = bounded(strand, operator, environment, sight);
  const own = plain.bounds.slice(strand.bounds.length);
  const said = limitsWithin(condition, strand, environment, sight);
  const inside = said.filter((limits) => !own.some((bound) => bound.limits.subject === limits.subject));
  const { shift } = environment;
  const span = { start: condition.start + shift, end: condition.end + shift };
  const farthest = Math.max(0, ...inside.map(farthestOf));
  const more: readonly Bound[] = inside[0] && farthest > 0 ? [among(inside[0], farthest, condition, shift)] : [];
  const isOpen = said.some(isOpenEnded) || plain.unclear.length > strand.unclear.length;
  const isUnclear = isOpen && farthest === 0 && said.every((limits) => backMs(limits.lower) === null);
  const unclear: readonly UnclearFilter[] = isUnclear ? [span] : [];
  return { ...plain, bounds: [...plain.bounds, ...more], unclear: [...strand.unclear, ...unclear] };
}

function among(limits: TimeLimits, ms: number, node: KqlNode, shift: number): Bound {
  const lower = { ms, exact: false };
  return {
    start: node.start + shift,
    end: node.end + shift,
    node,
    shift,
    limits: { ...limits, isPlain: false, lower, upper: null },
    obstacle: AMONG_OTHERS,
  };
}

/** All that the parts of a condition say of the strand's time. */
function limitsWithin(start: KqlNode, strand: Strand, environment: Environment, sight: Sight): readonly TimeLimits[] {
  const found: TimeLimits[] = [];
  for (const node of walk(start)) {
    const limits = saidOf(node, strand, environment, sight);
    if (limits) found.push(limits);
    const defined = limits ? null : definitionOf(node, { environment, definitions: sight.definitions });
    if (defined) found.push(...limitsWithin(defined.node, strand, defined.environment, sight));
  }
  return found;
}

/** `not(T < ago(30d))` asks as far back as `T >= ago(30d)`. */
function farthestOf({ lower, upper }: TimeLimits): number {
  return Math.max(backMs(lower) ?? 0, backMs(upper) ?? 0);
}

/** Asks for an instant that is no distance from now, or for all that is older than what is looked up anyway. */
function isOpenEnded({ lower, upper }: TimeLimits): boolean {
  return lower === 'open' || upper === 'open' || (lower === null && (backMs(upper) ?? 0) >= ENTITY_LOOKBACK_MS);
}

/** Whether each row passes a condition that says how far back it asks: then no other one makes older rows wanted. */
export function isBounded({ bounds }: Strand): boolean {
  return bounds.some(({ obstacle, limits }) => obstacle !== AMONG_OTHERS && backMs(limits.lower) !== null);
}

/** Behind an operator that gathers rows: under each column that holds the time, or one of several. */
export function gatheredLookup(strand: Strand, operator: KqlNode, given: readonly KqlColumn[]): readonly Strand[] {
  const { time } = strand;
  const named = operator.columns?.filter((column) => column.name === time?.name) ?? [];
  const id = time?.id ?? null;
  const made = madeColumns(operator, given).filter(
    ({ type, source }) => type === 'datetime' && namesAny(source, id === null ? [] : [id]),
  );
  const columns = [...named, ...(operator.columns ?? []).filter((one) => made.some((column) => column.id === one.id))];
  return [...new Set(columns.length > 0 ? columns : [undefined])].map((column) => movedTo(strand, column, operator));
}

/** Behind a join that looked the table up: columns of the right side follow those of the left; `lookup` leaves some out. */
export function joinedLookup(strand: Strand, pipe: KqlNode, right: KqlNode, operator: KqlNode): Strand {
  const behind = (pipe.columns ?? []).slice(childOf(pipe, 'Expression')?.columns?.length ?? 0);
  const place = right.columns?.findIndex((column) => column.id === strand.time?.id) ?? -1;
  const isWhole = behind.length === right.columns?.length;
  const column = isWhole ? behind[place] : behind.find((one) => one.id === strand.time?.id);
  return movedTo(strand, column, operator);
}
