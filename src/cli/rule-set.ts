import { availableParallelism } from 'node:os';
import { createAnalyst } from '../kql/analyst.ts';
import { findImage } from '../kql/parser/parser-image.ts';
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
  /** From how many rules on several workers analyze them; left out: this process does. */
  readonly workersFrom?: number;
  /** Whether this process loads the parser for something else, too, and so analyzes itself. */
  readonly hasParser?: boolean;
}

/** More would each take memory, and the machine has other things to do. */
const MOST_WORKERS = 4;

/** Loads and analyzes rules, for verbs that end by themselves. */
export async function readRuleSet(
  world: World,
  places: RulePlaces,
  options: RuleSetOptions = {},
): Promise<LoadedRules & { readonly prepared: PreparedRules }> {
  const { cache = createMemoryCache(), analyzed = () => true, hasParser = false } = options;
  const loaded = await loadRules(places);
  const rules = loaded.rules.filter(analyzed);
  const isLarge = rules.length >= (options.workersFrom ?? Number.POSITIVE_INFINITY);
  const form = isLarge || (!hasParser && findImage()) ? 'worker' : 'in-process';
  const workers = isLarge ? Math.min(MOST_WORKERS, availableParallelism()) : 1;
  const analyst = createAnalyst({ form, workers, cache, clock: world.clock });
  const progress = startProgress(world, 'analyzing rules', rules.length);
  try {
    return { ...loaded, prepared: await prepareRules(rules, analyst, progress.update) };
  } finally {
    progress.stop();
    await analyst.close();
  }
}
