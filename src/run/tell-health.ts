import type { RunnableRule } from '../rules/rule.ts';
import { healthMessagesOf } from './firing/messages.ts';
import { type Condition, healthOf } from './health.ts';
import { hushNews, silencesFor } from './silences/hush.ts';
import type { RunDeps, Tenant } from './tenant.ts';

/** A condition that no run found, and the rule that it is about, if any. */
export interface OwnCondition extends Condition {
  readonly rule: RunnableRule | null;
}

type TellDeps = Pick<RunDeps, 'store' | 'clock' | 'healthTargets' | 'routeHealth' | 'committed' | 'silences'>;

/** Tells conditions outside of any run; those that hold already, or are over already, say nothing. Rejects with STATE_ errors. */
export async function tellHealth(
  { name, source, serviceClock }: Pick<Tenant, 'name' | 'source' | 'serviceClock'>,
  conditions: readonly OwnCondition[],
  deps: TellDeps,
): Promise<void> {
  if (conditions.length === 0) return;
  const open = await deps.store.openHealth();
  const time = serviceClock.now() ?? deps.clock.now();
  const news = conditions.map(({ rule, ...condition }) =>
    healthOf({ tenant: name, rule, runId: null, source: source.api, time, open, conditions: [condition] }),
  );
  const all = { alerts: news.flatMap((one) => one.alerts), changes: news.flatMap((one) => one.changes) };
  if (all.alerts.length === 0) return;
  const { alerts, told, changes: health, hidden } = hushNews(all, open, await silencesFor(all, deps));
  await deps.store.commitHealth({ alerts, messages: healthMessagesOf(told, deps), health, hidden });
  deps.committed();
}
