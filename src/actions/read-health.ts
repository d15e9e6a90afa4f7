import { isLagging, lagOf, oldestUnanswered, stateToShow } from '../run/lag.ts';
import { intervalOf, timetableOf } from '../run/schedule.ts';
import type { RunDeps, Tenant } from '../run/tenant.ts';
import { delayOf } from '../run/windows.ts';
import type { RuleStanding, RuleState, Store } from '../state/store.ts';

/** How a rule that runs stands. */
export interface RuleHealth {
  readonly tenant: string;
  readonly rule: string;
  readonly standing: RuleStanding | 'never-run';
  /** Whether it is too far behind its schedule, whatever its standing says. */
  readonly lags: boolean;
  /** How far behind its schedule it is. */
  readonly lagSeconds: number;
  /** Epoch seconds; null before the first run. */
  readonly lastRunAt: number | null;
}

/** How a target stands. */
export interface TargetHealth {
  readonly target: string;
  readonly isBlocked: boolean;
  readonly pending: number;
  /** How long the oldest pending entry has waited; 0 where there is none. */
  readonly oldestSeconds: number;
  readonly dead: number;
}

export interface Health {
  readonly rules: readonly RuleHealth[];
  readonly targets: readonly TargetHealth[];
  /** Tenants whose service has not told its time yet: nothing of them is planned. */
  readonly waiting: readonly string[];
}

export interface HealthDeps {
  readonly tenants: readonly Pick<Tenant, 'name' | 'rules' | 'serviceClock'>[];
  readonly targets: readonly { readonly name: string }[];
  readonly store: Pick<Store, 'ruleStates' | 'targetCounts' | 'targetState'>;
  readonly clock: Pick<RunDeps['clock'], 'now'>;
  readonly settings: RunDeps['settings'];
}

/** How rules and targets of a process that runs stand now: by lag and by what waits, whatever the last run came to. */
export async function readHealth(deps: HealthDeps): Promise<Health> {
  const states = new Map((await deps.store.ruleStates()).map((one) => [keyOf(one.tenant, one.ruleId), one.state]));
  return {
    rules: deps.tenants.flatMap((tenant) => rulesOfTenant(tenant, states, deps)),
    targets: await targetsOf(deps),
    waiting: deps.tenants.filter(({ serviceClock }) => serviceClock.now() === null).map(({ name }) => name),
  };
}

function keyOf(tenant: string, ruleId: string): string {
  return JSON.stringify([tenant, ruleId]);
}

function rulesOfTenant(
  { name: tenant, rules, serviceClock }: HealthDeps['tenants'][number],
  states: ReadonlyMap<string, RuleState>,
  { clock, settings }: HealthDeps,
): readonly RuleHealth[] {
  const now = serviceClock.now() ?? clock.now();
  return rules
    .filter(({ status }) => status !== 'disabled')
    .map((rule) => {
      const state = states.get(keyOf(tenant, rule.id)) ?? null;
      const unanswered =
        state && oldestUnanswered(rule.effectiveShape, state, timetableOf(rule), delayOf(rule, settings));
      const lagMs = lagOf(unanswered, now);
      const lags = isLagging(lagMs, intervalOf(rule), false);
      const lastRunAt = state?.lastRun ? state.lastRun.endedAt / 1000 : null;
      const standing = stateToShow(state, lags);
      return { tenant, rule: rule.id, standing, lags, lagSeconds: lagMs / 1000, lastRunAt };
    });
}

async function targetsOf({ store, targets, clock }: HealthDeps): Promise<readonly TargetHealth[]> {
  const counts = new Map((await store.targetCounts()).map((count) => [count.target, count]));
  const now = clock.now();
  return Promise.all(
    targets.map(async ({ name: target }) => {
      const { pending = 0, oldestAt = null, dead = 0 } = counts.get(target) ?? {};
      const { blockedSince } = await store.targetState(target);
      const oldestSeconds = oldestAt === null ? 0 : Math.max(0, now - oldestAt) / 1000;
      return { target, isBlocked: blockedSince !== null, pending, oldestSeconds, dead };
    }),
  );
}
