import { type Alert, messageId } from '../../alerts/alert.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { Message } from '../../state/outbox-store.ts';
import type { Commit } from '../../state/store.ts';
import type { HushedNews } from '../silences/hush.ts';
import type { RunDeps } from '../tenant.ts';
import type { FiringNews } from './firing-of-run.ts';
import { stillThere } from './told-targets.ts';

interface ToldByRun {
  readonly rule: RunnableRule;
  readonly alerts: readonly Alert[];
  readonly firing: FiringNews;
}

/** The run's own alerts, what it says of earlier ones, and its health, each with a message to every target. */
export function toldBy(
  { rule, alerts, firing }: ToldByRun,
  health: HushedNews,
  deps: Pick<RunDeps, 'targetsOf' | 'targetNames' | 'healthTargets'>,
): Pick<Commit, 'alerts' | 'messages'> {
  return {
    alerts: [...alerts, ...firing.later.map(({ alert }) => alert), ...health.alerts],
    messages: [
      ...alerts.flatMap((alert) => messagesOf([alert], deps.targetsOf(rule, alert))),
      ...firing.later.flatMap(({ alert, targets }) => messagesOf([alert], stillThere(targets, deps))),
      ...messagesOf(health.told, deps.healthTargets),
    ],
  };
}

export function messagesOf(alerts: readonly Alert[], targets: readonly string[]): readonly Message[] {
  return alerts.flatMap((alert) =>
    targets.map((target) => ({
      messageId: messageId(alert),
      alertId: alert.id,
      revision: alert.revision,
      target,
      orderKey: alert.dedupKey,
    })),
  );
}
