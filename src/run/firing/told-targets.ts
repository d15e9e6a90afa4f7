import type { Way } from '../../state/detour-store.ts';
import type { RunDeps } from '../tenant.ts';

/** The ways to those that are configured still: what is for another would become a dead letter. */
export function stillThere(targets: readonly string[], { targetNames }: Pick<RunDeps, 'targetNames'>): readonly Way[] {
  const there = targetNames ? targets.filter((name) => targetNames.has(name)) : targets;
  return there.map((target) => ({ target }));
}
