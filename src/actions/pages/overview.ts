import { HOUR_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import type { TargetSeen, TenantRow } from '../places/place-row.ts';
import type { PageDeps } from './page-deps.ts';
import { type PlacesSeen, type QuotaBar, seePlaces } from './places.ts';
import type { RuleSight, RuleSights } from './rule-sights.ts';

/** One thing that a person should look at. */
export interface Need {
  readonly kind: 'rule' | 'gap' | 'tenant' | 'target' | 'dead-letter' | 'health';
  readonly what: string;
  readonly text: string;
  /** Epoch ms; null: not known. */
  readonly since: number | null;
  /** Path of the page that tells more, below the console's. */
  readonly path: string;
  /** How bad it is. */
  readonly rank: keyof typeof RANKS;
}

/** The worst first: nothing is searched or nothing is told, something is missed for good, something is late, something is to come. */
const RANKS = { blind: 0, lost: 1, late: 2, other: 3 } as const;

export interface OverviewPage {
  readonly at: number;
  /** Worst first. */
  readonly needs: readonly Need[];
  /** Needs of rules that are not listed, because there are so many. */
  readonly more: number;
  /** The same of rules with gaps. */
  readonly moreGaps: number;
  /** When a heartbeat was last given, or the last run was answered; null: never. */
  readonly proof: { readonly at: number; readonly by: 'heartbeat' | 'run' } | null;
  readonly rules: number;
  /** Messages by hour of the last day, oldest first. */
  readonly hours: readonly { readonly from: number; readonly messages: number }[];
  readonly latency: readonly TargetLatency[];
  readonly quota: readonly QuotaBar[];
}

/** Of the newest deliveries, ms from commit to their end. */
export interface TargetLatency {
  readonly target: string;
  readonly deliveries: number;
  readonly median: number;
  readonly p95: number;
  readonly longest: number;
}

const HOURS = 24;
const MOST_RULES = 20;
const DELIVERIES = 1000;

/** What a person sees first. */
export async function overviewPage(deps: PageDeps, sights: RuleSights): Promise<OverviewPage> {
  const { store } = deps;
  const at = deps.clock.now();
  const { sights: rules } = await sights.all();
  const places = await seePlaces(deps);
  const inTrouble = rules.filter(isInTrouble);
  const withGaps = rules.filter(({ gaps }) => gaps > 0);
  const needs = [
    ...places.tenants.flatMap(needOfTenant),
    ...places.targets.flatMap(needsOfTarget),
    ...inTrouble.slice(0, MOST_RULES).map(needOfRule),
    ...withGaps.slice(0, MOST_RULES).map(needOfGap),
    ...needsOfHealth(places),
  ].sort((a, b) => RANKS[a.rank] - RANKS[b.rank]);
  return {
    at,
    needs,
    more: Math.max(0, inTrouble.length - MOST_RULES),
    moreGaps: Math.max(0, withGaps.length - MOST_RULES),
    proof: await lastProof(deps, rules),
    rules: rules.length,
    hours: await messagesByHour(deps, at),
    latency: latencyOfTargets(await store.deliveryTimes(DELIVERIES)),
    quota: places.quota,
  };
}

function isInTrouble({ standing }: RuleSight): boolean {
  return ['blocked', 'failing', 'lagging', 'throttled'].includes(standing);
}

function pathOfRule({ tenant, rule }: RuleSight): string {
  return `/rules/${encodeURIComponent(tenant)}/${encodeURIComponent(rule.id)}`;
}

function needOfRule(sight: RuleSight): Need {
  const { tenant, rule, standing, state } = sight;
  const why = state?.lastError?.message ?? state?.lastRun?.error?.message ?? '';
  const text = standing === 'lagging' ? 'It is behind its schedule.' : why;
  return {
    kind: 'rule',
    what: `${rule.id} (${tenant}) is ${standing}`,
    text,
    since: state?.failingSince ?? null,
    path: pathOfRule(sight),
    rank: standing === 'blocked' || standing === 'failing' ? 'blind' : 'late',
  };
}

function needOfGap(sight: RuleSight): Need {
  const text = `${countOf(sight.gaps, 'window')} of the last 7 days could not be searched and ${sight.gaps === 1 ? 'was' : 'were'} given up.`;
  return {
    kind: 'gap',
    what: `${sight.rule.id} (${sight.tenant}) has gaps`,
    text,
    since: null,
    path: `${pathOfRule(sight)}#windows`,
    rank: 'lost',
  };
}

function needOfTenant({ tenant, blocked, pausedUntil, slowedBy }: TenantRow): readonly Need[] {
  const path = '/tenants';
  if (blocked !== null)
    return [{ kind: 'tenant', what: `Tenant ${tenant} is blocked`, text: blocked, since: null, path, rank: 'blind' }];
  if (pausedUntil === null) return [];
  const text = `Nobody asks it before ${pausedUntil}${slowedBy === null ? '' : `: the quota was used up by ${slowedBy}`}.`;
  return [{ kind: 'tenant', what: `Tenant ${tenant} is paused`, text, since: null, path, rank: 'late' }];
}

function needsOfTarget({ target, state, blockedSince, pending, dead, reason }: TargetSeen): readonly Need[] {
  const waits = pending === 0 ? '' : ` ${countOf(pending, 'alert')} ${pending === 1 ? 'waits' : 'wait'}.`;
  const down: readonly Need[] =
    state === 'blocked' || state === 'retrying'
      ? [
          {
            kind: 'target',
            what: `Target ${target} ${state === 'blocked' ? 'is blocked' : 'does not take alerts'}`,
            text: `${reason ?? ''}${waits}`,
            since: blockedSince === null ? null : Date.parse(blockedSince),
            path: '/targets',
            rank: state === 'blocked' ? 'blind' : 'late',
          },
        ]
      : [];
  if (dead === 0) return down;
  const letters: Need = {
    kind: 'dead-letter',
    what: `${countOf(dead, 'dead letter')} of ${target}`,
    text: 'No target has these alerts. Replay or drop them.',
    since: null,
    path: `/letters?target=${encodeURIComponent(target)}`,
    rank: 'lost',
  };
  return [...down, letters];
}

/** Told from rules, tenants and targets themselves. */
const TOLD_OTHERWISE = [
  ...['rule-failing', 'rule-blocked', 'rule-lagging', 'tenant-blocked', 'target-blocked', 'dead-letter', 'gap'],
];

function needsOfHealth({ health }: PlacesSeen): readonly Need[] {
  return health
    .filter(({ code }) => !TOLD_OTHERWISE.includes(code))
    .map(({ tenant, code, subject, since, alertId }) => ({
      kind: 'health',
      what: `${code}: ${subject}`,
      text: `Tenant ${tenant}. It is told as an alert, too.`,
      since,
      path: `/alerts/${encodeURIComponent(alertId)}`,
      rank: 'other',
    }));
}

async function lastProof({ store }: PageDeps, rules: readonly RuleSight[]): Promise<OverviewPage['proof']> {
  const beat = (await store.openHealth()).find(({ code }) => code === 'heartbeat');
  const [told] = beat ? await store.alertsById(beat.alertId) : [];
  if (told) return { at: Date.parse(told.time), by: 'heartbeat' };
  const times = rules.flatMap(({ state }) => (state?.lastRun?.outcome === 'ok' ? [state.lastRun.endedAt] : []));
  if (times.length === 0) return null;
  return { at: times.reduce((latest, time) => Math.max(latest, time), 0), by: 'run' };
}

async function messagesByHour({ store }: PageDeps, now: number): Promise<OverviewPage['hours']> {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  const starts = Array.from({ length: HOURS + 1 }, (_, index) => last - (HOURS - 1 - index) * HOUR_MS);
  const rows = await store.alertRowsAt(starts);
  return starts.slice(0, HOURS).map((from, index) => ({ from, messages: (rows[index + 1] ?? 0) - (rows[index] ?? 0) }));
}

function latencyOfTargets(
  times: readonly { readonly target: string; readonly tookMs: number }[],
): readonly TargetLatency[] {
  const byTarget = new Map<string, number[]>();
  for (const { target, tookMs } of times) {
    const own = byTarget.get(target);
    if (own) own.push(tookMs);
    else byTarget.set(target, [tookMs]);
  }
  return [...byTarget].map(([target, took]) => {
    const sorted = took.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return { target, deliveries: sorted.length, median: at(0.5), p95: at(0.95), longest: at(1) };
  });
}
