import { DAY_MS } from '../../lib/duration.ts';
import { tacticId, tacticsOf } from '../../rules/attack/matrix.ts';
import type { Severity } from '../../rules/rule.ts';
import { type CoverageSpan, coverageSpans } from '../../run/coverage/coverage-spans.ts';
import type { DaySum, DaySums } from './day-sums-of-rules.ts';
import type { PageDeps } from './page-deps.ts';
import { type RuleSight, type RuleSights, type ShownStand, timetableFor } from './rule-sights.ts';

/** All that is given must hold. */
export interface RulesFilter {
  readonly state?: string;
  readonly severity?: string;
  readonly tenant?: string;
  readonly tag?: string;
  /** An id or a name in any spelling. */
  readonly tactic?: string;
  /** A technique. */
  readonly technique?: string;
  /** A part of the id or the name. */
  readonly text?: string;
}

export interface RulesPage {
  /** Epoch ms; it may be some seconds ago. */
  readonly at: number;
  readonly rows: readonly RuleOfPage[];
  /** How many rules the filter lets through, and where this page begins among them. */
  readonly matching: number;
  readonly first: number;
  /** How many rules stand so. */
  readonly counts: Readonly<Partial<Record<ShownStand, number>>>;
  readonly tenants: readonly string[];
  readonly tags: readonly string[];
  /** Whether the sums of days are whole. */
  readonly complete: boolean;
}

export interface RuleOfPage {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly standing: ShownStand;
  readonly error: string | null;
  readonly lagMs: number;
  readonly lastRunAt: number | null;
  readonly nextRunAt: number | null;
  readonly pending: number;
  readonly gaps: number;
  readonly week: readonly DaySum[];
  /** Of the last day. */
  readonly coverage: readonly CoverageSpan[];
}

export const RULES_A_PAGE = 50;
const MOST_TAGS = 200;

export async function rulesPage(
  deps: PageDeps,
  { sights, sums }: { readonly sights: RuleSights; readonly sums: DaySums },
  filter: RulesFilter,
  first: number,
): Promise<RulesPage> {
  const { at, sights: all } = await sights.all();
  const matching = all.filter((sight) => isMeant(sight, filter));
  // What is counted while the page is made is not on it.
  const complete = sums.isComplete();
  const rows: RuleOfPage[] = [];
  for (const sight of matching.slice(first, first + RULES_A_PAGE)) rows.push(await rowOf(sight, deps, sums));
  const counts: Partial<Record<ShownStand, number>> = {};
  for (const { standing } of all) counts[standing] = (counts[standing] ?? 0) + 1;
  const tags = new Set(all.flatMap(({ rule }) => rule.tags));
  return {
    ...{ at, rows, first, counts, matching: matching.length, complete },
    tenants: deps.tenants.map(({ name }) => name),
    tags: [...tags].sort().slice(0, MOST_TAGS),
  };
}

function isMeant({ tenant, rule, standing }: RuleSight, filter: RulesFilter): boolean {
  const { state, severity, tag, tactic, technique, text } = filter;
  if (state !== undefined && standing !== state) return false;
  if (severity !== undefined && rule.severity !== severity) return false;
  if (filter.tenant !== undefined && tenant !== filter.tenant) return false;
  if (tag !== undefined && !rule.tags.includes(tag)) return false;
  if (tactic !== undefined && !tacticsOf(rule.attack).has(tacticId(tactic) ?? '')) return false;
  if (technique !== undefined && !rule.attack.includes(technique)) return false;
  return text === undefined || `${rule.id}\n${rule.name}`.toLowerCase().includes(text.toLowerCase());
}

async function rowOf(sight: RuleSight, deps: PageDeps, sums: DaySums): Promise<RuleOfPage> {
  const { tenant, rule, state, standing, lagMs, pending, gaps } = sight;
  const { id, name, severity } = rule;
  return {
    ...{ tenant, id, name, severity, standing, lagMs, pending, gaps },
    error: errorOf(sight),
    lastRunAt: state?.lastRun?.endedAt ?? null,
    nextRunAt: nextRunOf(sight, deps),
    week: sums.of(tenant, id),
    coverage: await coverageOf(sight, deps, DAY_MS),
  };
}

export function errorOf({ standing, state }: RuleSight): string | null {
  if (standing !== 'failing' && standing !== 'blocked' && standing !== 'throttled') return null;
  return state?.lastError?.message ?? state?.lastRun?.error?.message ?? null;
}

export function nextRunOf({ tenant, rule }: RuleSight, { tenants, clock }: PageDeps): number | null {
  if (rule.status === 'disabled') return null;
  const now = tenants.find(({ name }) => name === tenant)?.serviceClock.now() ?? clock.now();
  return timetableFor(rule).next(now);
}

/** What of the time until now was searched; before the oldest run that is kept nothing is known. */
export async function coverageOf(
  { tenant, rule, state }: RuleSight,
  { store, clock }: PageDeps,
  lengthMs: number,
): Promise<readonly CoverageSpan[]> {
  const now = clock.now();
  return coverageIn({ tenant, rule, state }, { from: now - lengthMs, to: now }, store);
}

export async function coverageIn(
  { tenant, rule, state }: Pick<RuleSight, 'tenant' | 'rule' | 'state'>,
  range: { readonly from: number; readonly to: number },
  store: PageDeps['store'],
): Promise<readonly CoverageSpan[]> {
  if (state === null) return [];
  const oldest = await store.oldestRun(tenant, rule.id);
  return coverageSpans(state, oldest?.askedFrom ?? null, range);
}
