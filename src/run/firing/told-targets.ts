import type { RunDeps } from '../tenant.ts';

/** Those that are configured still: what is for another would become a dead letter. */
export function stillThere(
  targets: readonly string[],
  { targetNames }: Pick<RunDeps, 'targetNames'>,
): readonly string[] {
  return targetNames ? targets.filter((name) => targetNames.has(name)) : targets;
}
