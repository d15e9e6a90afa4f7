import { childOf, type KqlNode } from '../../ast.ts';
import type { Edit } from '../../edits.ts';
import type { OwnFilter } from '../../prepared.ts';
import { innermost } from '../nodes.ts';
import type { TableUse } from '../table-uses.ts';
import { isBounded } from './lookup-limits.ts';
import { backMs, type FilterVerdict, filterSites, judgeFilters, type OwnFilterInput, siteKey } from './own-filters.ts';
import type { Bound, Strand, UnclearFilter } from './strand.ts';

/** All that follows from the own time filters of a query. */
export interface Absorption {
  readonly filters: readonly OwnFilter[];
  /** The references that each of them holds for. */
  readonly uses: readonly ReadonlySet<TableUse>[];
  /** What the text as sent has in their place, under a window. */
  readonly edits: readonly Edit[];
  /** Of a set, how far back the absorbed filters asked. */
  readonly absorbedMs: number | null;
  /** How far before now an event must lie at most before a filter lets it pass; 0: at once. */
  readonly upperMs: number;
  /** Of a stream, filters of event tables on their time whose distance from now is not constant. */
  readonly unclear: readonly UnclearFilter[];
  /** Conjuncts that are no reach of the query: absorbed ones, and those of tables that are looked up. */
  readonly unmeasured: ReadonlySet<string>;
  /** How far back the filters of a looked-up reference ask. */
  readonly lookedUp: ReadonlyMap<TableUse, OwnLookback>;
  /** Of a looked-up reference, conditions on its time that do not say how far back they ask. */
  readonly unclearLookups: ReadonlyMap<TableUse, readonly UnclearFilter[]>;
}

export interface OwnLookback {
  readonly ms: number;
  /** Whether each way to the reference passes such a filter in front of all that gathers rows: then less than it asks is needed by none. */
  readonly isWhole: boolean;
}

export function absorbFilters(input: OwnFilterInput): Absorption {
  const verdicts = judgeFilters(input);
  const absorbed = verdicts.filter(({ because }) => because === null);
  const events = input.strands.filter((strand) => input.hasWindow(strand.use));
  const contexts = input.strands.filter((strand) => input.isContext(strand.use));
  const lowers = absorbed.flatMap(({ site }) => site.passes.flatMap(({ bound }) => backMs(bound.limits.lower) ?? []));
  const told = verdicts.filter(({ site }) => site.passes.some(({ bound }) => backMs(bound.limits.lower) !== null));
  return {
    filters: told.map(toFilter),
    uses: told.map(({ site }) => new Set(site.passes.map(({ strand }) => strand.use))),
    edits: absorbed.flatMap(({ site }) => editsOf(site.passes[0]?.bound)),
    absorbedMs: input.shape === 'set' && lowers.length > 0 ? Math.max(...lowers) : null,
    upperMs: input.shape === 'stream' ? upperOf(events) : 0,
    unclear: input.shape === 'stream' ? unclearOf(events) : [],
    unmeasured: new Set([...absorbed.map(({ site }) => siteKey(site)), ...contextPlaces(input, contexts)]),
    lookedUp: lookbacksOf(contexts),
    unclearLookups: new Map(
      contexts
        .filter(isUnclear)
        .map(({ use }) => [use, unclearOf(contexts.filter((one) => one.use === use && isUnclear(one)))]),
    ),
  };
}

function toFilter({ site, because }: FilterVerdict): OwnFilter {
  const { start, end, passes } = site;
  const distances = passes.map(({ bound }) => backMs(bound.limits.lower) ?? 0);
  const tables = [...new Set(passes.map(({ strand }) => strand.use.table))];
  return Object.freeze({ start, end, tables: Object.freeze(tables), distanceMs: Math.max(...distances), because });
}

function upperOf(events: readonly Strand[]): number {
  const uppers = events.flatMap((strand) => strand.bounds.map(({ limits }) => backMs(limits.upper) ?? 0));
  return Math.max(0, ...uppers);
}

function isUnclear(strand: Strand): boolean {
  return strand.unclear.length > 0 && !isBounded(strand);
}

function unclearOf(events: readonly Strand[]): readonly UnclearFilter[] {
  const found = new Map(events.flatMap(({ unclear }) => unclear.map((filter) => [siteKey(filter), filter])));
  return [...found.values()].sort((a, b) => a.start - b.start);
}

/** Filters that an event table shares with a looked-up one do count. */
function contextPlaces({ strands, isContext }: OwnFilterInput, contexts: readonly Strand[]): readonly string[] {
  const shared = new Set(filterSites(strands.filter((strand) => !isContext(strand.use))).map(siteKey));
  return filterSites(contexts)
    .map(siteKey)
    .filter((place) => !shared.has(place));
}

function lookbacksOf(contexts: readonly Strand[]): ReadonlyMap<TableUse, OwnLookback> {
  const found = new Map<TableUse, OwnLookback>();
  for (const { use, bounds } of contexts) {
    const isWhole = bounds.some((bound) => bound.obstacle === null && backMs(bound.limits.lower) !== null);
    const ms = Math.max(0, ...bounds.map((bound) => backMs(bound.limits.lower) ?? 0));
    const before = found.get(use) ?? { ms: 0, isWhole: true };
    found.set(use, { ms: Math.max(ms, before.ms), isWhole: isWhole && before.isWhole });
  }
  return found;
}

/** A condition that is true of every row; a `between` that ends before now keeps its end. Line ends stay, so that lines do not move. */
function editsOf(bound: Bound | undefined): readonly Edit[] {
  if (!bound) return [];
  const { node, shift, limits } = bound;
  if (!limits.upper || (limits.upper !== 'open' && limits.upper.ms <= 0)) {
    return [{ start: node.start + shift, end: node.end + shift, text: 'true' }];
  }
  const range = innermost(node);
  const parts = [childOf(range, 'Left'), ...ends(range)];
  const [left, first, second] = parts;
  if (!left || !first || !second) return [];
  const at = (offset: number): number => offset + shift;
  if (limits.upperEnd === 'First') {
    return [
      { start: at(left.end), end: at(first.start), text: ' >= (' },
      { start: at(first.end), end: at(second.end), text: '' },
    ];
  }
  const isLength = limits.form === 'column' && second.type === 'timespan';
  return [
    { start: at(left.end), end: at(isLength ? first.start : second.start), text: ' <= (' },
    ...(isLength ? [{ start: at(first.end), end: at(second.start), text: ' + ' }] : []),
  ];
}

function ends(range: KqlNode): readonly (KqlNode | null)[] {
  const couple = childOf(range, 'Right');
  return couple ? [childOf(couple, 'First'), childOf(couple, 'Second')] : [];
}
