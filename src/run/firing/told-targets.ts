import type { Alert } from '../../alerts/alert.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { Escalation, Way } from '../../state/detour-store.ts';
import type { RunDeps } from '../tenant.ts';

/** The ways to those that are configured still: what is for another would become a dead letter. */
export function stillThere(targets: readonly string[], { targetNames }: Pick<RunDeps, 'targetNames'>): readonly Way[] {
  const there = targetNames ? targets.filter((name) => targetNames.has(name)) : targets;
  return there.map((target) => ({ target }));
}

/**
 * The ways of a later message to the targets that were told before: as the alert would take them now, so that what came in a digest ends in
 * one. A resolve escalates nothing; a severity that has risen is escalated whoever has taken the alert on before.
 */
export function waysOfLater(
  rule: RunnableRule,
  { alert, targets }: { readonly alert: Alert; readonly targets: readonly string[] },
  deps: Pick<RunDeps, 'waysOf' | 'targetNames'>,
): readonly Way[] {
  const now = new Map(deps.waysOf(rule, alert).map((way) => [way.target, way]));
  return stillThere(targets, deps).map((way) => {
    const { escalation, ...plain } = now.get(way.target) ?? way;
    return escalation && alert.status === 'firing' ? { ...plain, escalation: risen(escalation, alert) } : plain;
  });
}

function risen(escalation: Escalation, { change, revision }: Alert): Escalation {
  return change?.kind === 'severity' ? { ...escalation, risen: revision } : escalation;
}
