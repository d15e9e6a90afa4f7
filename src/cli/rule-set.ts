import { createAnalyst } from '../kql/analyst.ts';
import { type Cache, createMemoryCache } from '../lib/cache.ts';
import { type LoadedRules, loadRules } from '../rules/load-rules.ts';
import { type PreparedRules, prepareRules } from '../rules/prepare-rules.ts';
import type { Rule } from '../rules/rule.ts';
import type { RulePlaces } from '../rules/rule-places.ts';
import { startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';

export interface RuleSetOptions {
  /** Where analyses are looked up and kept; left out: nowhere beyond this call. */
  readonly cache?: Cache;
  /** Whether the query of a rule is analyzed; left out: of all. */
  readonly analyzed?: (rule: Rule) => boolean;
}

/** Loads and analyzes rules in this process, for verbs that end by themselves. */
export async function readRuleSet(
  world: World,
  places: RulePlaces,
  { cache = createMemoryCache(), analyzed = () => true }: RuleSetOptions = {},
): Promise<LoadedRules & { readonly prepared: PreparedRules }> {
  const loaded = await loadRules(places);
  const rules = loaded.rules.filter(analyzed);
  const analyst = createAnalyst({ form: 'in-process', cache });
  const progress = startProgress(world, 'analyzing rules', rules.length);
  try {
    return { ...loaded, prepared: await prepareRules(rules, analyst, progress.update) };
  } finally {
    progress.stop();
    await analyst.close();
  }
}
