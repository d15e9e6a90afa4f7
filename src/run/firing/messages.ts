import { type Alert, messageId } from '../../alerts/alert.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { Way } from '../../state/detour-store.ts';
import type { Message } from '../../state/outbox-store.ts';
import type { Commit } from '../../state/store.ts';
import type { HushedNews } from '../silences/hush.ts';
import type { RunDeps } from '../tenant.ts';
import type { FiringNews } from './firing-of-run.ts';
import { waysOfLater } from './told-targets.ts';

interface ToldByRun {
  readonly rule: RunnableRule;
  readonly alerts: readonly Alert[];
  readonly firing: FiringNews;
}

/** The run's own alerts, what it says of earlier ones, and its health, each with a message to every target. */
export function toldBy(
  { rule, alerts, firing }: ToldByRun,
  health: HushedNews,
  deps: Pick<RunDeps, 'waysOf' | 'targetNames' | 'healthTargets' | 'routeHealth'>,
): Pick<Commit, 'alerts' | 'messages'> {
  return {
    alerts: [...alerts, ...firing.later.map(({ alert }) => alert), ...health.alerts],
    messages: [
      ...alerts.flatMap((alert) => messagesOf(alert, deps.waysOf(rule, alert))),
      ...firing.later.flatMap((later) => messagesOf(later.alert, waysOfLater(rule, later, deps))),
      ...healthMessagesOf(health.told, deps),
    ],
  };
}

/** The messages of an alert, one for each of its ways. */
export function messagesOf(alert: Alert, ways: readonly Way[]): readonly Message[] {
  const { id: alertId, revision, dedupKey: orderKey } = alert;
  return ways.map((way) => ({ messageId: messageId(alert), alertId, revision, orderKey, ...way }));
}

/** Those of health alerts; `except`: a target that is not told, because it is about itself. */
export function healthMessagesOf(
  alerts: readonly Alert[],
  { healthTargets, routeHealth }: Pick<RunDeps, 'healthTargets' | 'routeHealth'>,
  except: string | null = null,
): readonly Message[] {
  return alerts.flatMap((alert) => {
    const ways = routeHealth?.(alert) ?? healthTargets.map((target) => ({ target }));
    return messagesOf(
      alert,
      ways.filter(({ target }) => target !== except),
    );
  });
}
