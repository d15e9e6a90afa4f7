import { createAnalyst } from '../kql/analyst.ts';
import { createMemoryCache } from '../lib/cache.ts';
import { type LoadedRules, loadRules } from '../rules/load-rules.ts';
import { type PreparedRules, prepareRules } from '../rules/prepare-rules.ts';
import { startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';

/** Loads and analyzes rules in this process, for verbs that end by themselves. */
export async function readRuleSet(
  world: World,
  paths: readonly string[],
): Promise<LoadedRules & { readonly prepared: PreparedRules }> {
  const loaded = await loadRules(paths);
  const analyst = createAnalyst({ form: 'in-process', cache: createMemoryCache() });
  const progress = startProgress(world, 'analyzing rules', loaded.rules.length);
  try {
    return { ...loaded, prepared: await prepareRules(loaded.rules, analyst, progress.update) };
  } finally {
    progress.stop();
    await analyst.close();
  }
}
