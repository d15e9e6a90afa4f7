import { SECOND_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { isPending } from '../../run/coverage/ledger.ts';
import { isLagging, lagOf, oldestUnanswered, stateToShow } from '../../run/lag.ts';
import { intervalOf, timetableOf } from '../../run/schedule.ts';
import { delayOf } from '../../run/windows.ts';
import type { RuleStanding, RuleState } from '../../state/store.ts';
import type { PageDeps } from './page-deps.ts';

export type ShownStand = RuleStanding | 'never-run' | 'disabled';

/** Worst first. */
export const SHOWN_STANDS: readonly ShownStand[] = [
  'blocked',
  'failing',
  'lagging',
  'throttled',
  'never-run',
  'ok',
  'disabled',
];

/** A rule of a tenant and how it stands. */
export interface RuleSight {
  readonly tenant: string;
  readonly rule: RunnableRule;
  readonly state: RuleState | null;
  readonly standing: ShownStand;
  readonly lagMs: number;
  /** Windows that wait to be asked, and those that were given up in the last week. */
  readonly pending: number;
  readonly gaps: number;
}

/** All rules at one moment. */
export interface SightsSeen {
  /** Epoch ms. */
  readonly at: number;
  /** Worst first. */
  readonly sights: readonly RuleSight[];
}

export interface RuleSights {
  /** At most some seconds old, however many ask. */
  all(): Promise<SightsSeen>;
  /** null: no tenant has a rule of this id. */
  one(tenant: string, ruleId: string): Promise<RuleSight | null>;
}

/** So long what was seen is shown again: thousands of rules are looked through. */
const FRESH_MS = 5 * SECOND_MS;
const WEEK_MS = 7 * 24 * 3600 * SECOND_MS;

type SightDeps = Pick<PageDeps, 'tenants' | 'store' | 'clock' | 'settings'>;

export function createRuleSights(deps: SightDeps): RuleSights {
  let seen: Promise<SightsSeen> | null = null;
  let seenAt = Number.NEGATIVE_INFINITY;
  const look = (): Promise<SightsSeen> => {
    const now = deps.clock.monotonic();
    if (seen && now - seenAt < FRESH_MS) return seen;
    seenAt = now;
    seen = lookAtAll(deps).catch((thrown) => {
      seen = null;
      throw thrown;
    });
    return seen;
  };
  return {
    all: look,
    one: async (name, ruleId) => {
      const tenant = deps.tenants.find((one) => one.name === name);
      const rule = tenant?.rules.find(({ id }) => id === ruleId);
      if (!tenant || !rule) return null;
      return sightOf(tenant, rule, await deps.store.ruleState(name, ruleId), deps);
    },
  };
}

async function lookAtAll(deps: SightDeps): Promise<SightsSeen> {
  const states = new Map<string, RuleState>();
  for (const { tenant, ruleId, state } of await deps.store.ruleStates()) states.set(sightKey(tenant, ruleId), state);
  const sights = deps.tenants.flatMap((tenant) =>
    tenant.rules.map((rule) => sightOf(tenant, rule, states.get(sightKey(tenant.name, rule.id)) ?? null, deps)),
  );
  return { at: deps.clock.now(), sights: sights.sort(byNeed) };
}

export function sightKey(tenant: string, ruleId: string): string {
  return `${tenant}\n${ruleId}`;
}

function sightOf(
  { name: tenant, serviceClock }: SightDeps['tenants'][number],
  rule: RunnableRule,
  state: RuleState | null,
  { clock, settings }: SightDeps,
): RuleSight {
  const now = serviceClock.now() ?? clock.now();
  if (rule.status === 'disabled')
    return { tenant, rule, state, standing: 'disabled', lagMs: 0, pending: 0, gaps: gapsOf(state, now) };
  const unanswered = state && oldestUnanswered(rule.effectiveShape, state, timetableOf(rule), delayOf(rule, settings));
  const lagMs = lagOf(unanswered, now);
  const standing = stateToShow(state, isLagging(lagMs, intervalOf(rule), false));
  const pending = state?.ledger.filter(isPending).length ?? 0;
  return { tenant, rule, state, standing, lagMs, pending, gaps: gapsOf(state, now) };
}

function gapsOf(state: RuleState | null, now: number): number {
  return state?.ledger.filter(({ outcome, to }) => outcome === 'gap' && to > now - WEEK_MS).length ?? 0;
}

function byNeed(a: RuleSight, b: RuleSight): number {
  const rank = ({ standing }: RuleSight): number => SHOWN_STANDS.indexOf(standing);
  const byLag = b.lagMs - a.lagMs;
  return rank(a) - rank(b) || b.gaps - a.gaps || byLag || (a.rule.id < b.rule.id ? -1 : 1);
}
