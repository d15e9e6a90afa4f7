import type { Alert } from '../../../src/alerts/alert.ts';
import type { Fallback } from '../../../src/outbox/stand-in.ts';
import type { Way } from '../../../src/state/detour-store.ts';
import type { Scenario, TargetSpec } from '../scenario.ts';

/** Targets that get nothing by themselves. */
export const DETOURS = { pager: 'pager', mail: 'mail', standby: 'standby' } as const;

export function detourTargets({ detours }: Pick<Scenario, 'detours'>): readonly TargetSpec[] {
  if (!detours) return [];
  return Object.values(DETOURS).map((name) => ({ name, concurrency: 2 }));
}

/** As routes with an escalation and a digest would have it. */
export function waysOf(
  { detours }: Pick<Scenario, 'detours'>,
  names: readonly string[],
  { kind }: Alert,
): readonly Way[] {
  const plain = names.map((target) => ({ target }));
  if (!detours || kind === 'health') return plain;
  const { escalateAfter, digestEvery } = detours;
  const [first, ...others] = plain;
  const escalation = escalateAfter && { escalation: { everyMs: escalateAfter * 1000, targets: [DETOURS.pager] } };
  return [
    ...(first ? [{ ...first, ...(escalation || {}) }] : []),
    ...others,
    ...(digestEvery === null ? [] : [{ target: DETOURS.mail, digestMs: digestEvery * 1000 }]),
  ];
}

export function fallbacksOf({
  detours,
  targets,
}: Pick<Scenario, 'detours' | 'targets'>): ReadonlyMap<string, Fallback> {
  const [first] = targets;
  if (!first || !detours || detours.fallbackAfter === null) return new Map();
  return new Map([[first.name, { target: DETOURS.standby, afterMs: detours.fallbackAfter * 1000 }]]);
}
