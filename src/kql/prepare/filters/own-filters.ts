import { KEPT_BY_RULE, OTHER_LOOKBACK, type PrepareOptions, type Shape } from '../../prepared.ts';
import type { TableUse } from '../table-uses.ts';
import type { Bound, Strand } from './strand.ts';
import type { Limit } from './time-limits.ts';

/** One conjunct that bounds times, with every strand that passes it. */
export interface FilterSite {
  readonly start: number;
  readonly end: number;
  readonly passes: readonly { readonly strand: Strand; readonly bound: Bound }[];
}

/** What is decided of a site that bounds times from below, or by now. `because` says why it is kept; null: absorbed. */
export interface FilterVerdict {
  readonly site: FilterSite;
  readonly because: string | null;
}

export interface OwnFilterInput {
  readonly strands: readonly Strand[];
  readonly shape: Shape;
  readonly options: PrepareOptions;
  readonly binned: boolean;
  readonly tooMany: boolean;
  isContext(use: TableUse): boolean;
  /** Whether the run's window is put behind the reference. */
  hasWindow(use: TableUse): boolean;
}

/** The conjuncts that bound times on any of the strands, in the order of the text. */
export function filterSites(strands: readonly Strand[]): readonly FilterSite[] {
  const sites = new Map<string, { start: number; end: number; passes: { strand: Strand; bound: Bound }[] }>();
  for (const strand of strands) {
    for (const bound of strand.bounds) {
      const { start, end } = bound;
      const site = sites.get(siteKey(bound)) ?? { start, end, passes: [] };
      site.passes.push({ strand, bound });
      sites.set(siteKey(bound), site);
    }
  }
  return [...sites.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

export function siteKey({ start, end }: { readonly start: number; readonly end: number }): string {
  return `${start}:${end}`;
}

/** Which own filters of event tables the window makes needless, and why the others stay. */
export function judgeFilters(input: OwnFilterInput): readonly FilterVerdict[] {
  const { strands, shape, isContext } = input;
  const events = filterSites(strands.filter((strand) => !isContext(strand.use)));
  const contexts = new Set(filterSites(strands.filter((strand) => isContext(strand.use))).map(siteKey));
  const general = generalReason(input);
  const verdicts = events.filter(isOwnFilter).map((site) => {
    const shared = contexts.has(siteKey(site)) ? 'it also holds for a table that is looked up' : null;
    return { site, because: general ?? shared ?? siteReason(site, input) };
  });
  const [blocking] = verdicts.flatMap(({ because }) => because ?? []);
  return shape === 'set' && blocking
    ? verdicts.map(({ site, because }) => ({ site, because: because ?? blocking }))
    : verdicts;
}

/** A comparison with a fixed date, or with an earlier end alone, is none. */
function isOwnFilter({ passes }: FilterSite): boolean {
  return passes.some(
    ({ bound: { limits } }) => backMs(limits.lower) !== null || (!limits.lower && isNow(limits.upper)),
  );
}

/** What keeps all filters of a query. */
function generalReason(input: OwnFilterInput): string | null {
  const { options, shape } = input;
  const { keepFilters } = options;
  if (keepFilters === 'always' || (keepFilters === 'sets' && shape === 'set')) return KEPT_BY_RULE;
  if (options.basis === 'none') return 'the rule has no window';
  if (input.tooMany) return 'the query has too many branches';
  return shape === 'set' ? setReason(input) : null;
}

/** Of a set, all filters are absorbed or none: one length of window must say what each of them said. */
function setReason({ strands, binned, options, hasWindow }: OwnFilterInput): string | null {
  const driving = strands.filter((strand) => hasWindow(strand.use));
  const bounds = driving.flatMap((strand) => strand.bounds);
  if (bounds.some(({ limits }) => limits.form === 'difference')) return 'the distance of times is compared';
  if (bounds.some(({ limits }) => isRounded(limits.lower))) return 'a distance is rounded';
  if (bounds.some(({ limits }) => limits.upper && !isNow(limits.upper)))
    return 'a table is asked for what ends before now';
  const ms = backMs(driving[0]?.bounds.find(({ limits }) => limits.lower)?.limits.lower);
  const isSame = ({ bounds: own }: Strand): boolean => {
    const lowers = own.flatMap(({ limits }) => limits.lower ?? []);
    return lowers.length > 0 && lowers.every((limit) => limit !== 'open' && limit.exact && limit.ms === ms);
  };
  if (ms === null || !driving.every(isSame)) return 'not every event table is asked equally far back';
  if (binned) return 'the query puts times into bins';
  return options.lookbackMs === null || options.lookbackMs === ms ? null : OTHER_LOOKBACK;
}

function siteReason({ passes }: FilterSite, { hasWindow }: OwnFilterInput): string | null {
  const obstacle = passes.find(({ bound }) => bound.obstacle !== null)?.bound.obstacle;
  if (obstacle) return obstacle;
  if (passes.some(({ strand }) => !hasWindow(strand.use))) return 'its table gets no window';
  const lowers = passes.map(({ bound }) => bound.limits.lower);
  if (new Set(lowers.map(backMs)).size > 1) return 'its distance is not the same in every call';
  return passes.some(({ bound: { limits } }) => limits.form === 'column' && isRounded(limits.lower))
    ? 'its distance is rounded'
    : null;
}

function isRounded(limit: Limit | null): boolean {
  return limit !== null && limit !== 'open' && !limit.exact;
}

function isNow(limit: Limit | null): boolean {
  return limit !== null && limit !== 'open' && limit.exact && limit.ms <= 0;
}

/** How far back a limit lies; null where it is no distance back from now. */
export function backMs(limit: Limit | null | undefined): number | null {
  return limit && limit !== 'open' && limit.ms > 0 ? limit.ms : null;
}
