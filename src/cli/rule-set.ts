import { availableParallelism } from 'node:os';
import { createAnalyst } from '../kql/analyst.ts';
import type { Hand } from '../kql/hands/hand.ts';
import { findImage } from '../kql/parser/parser-image.ts';
import type { Analyst } from '../kql/prepared.ts';
import { type Cache, createMemoryCache } from '../lib/cache.ts';
import { type LoadedRules, loadRules } from '../rules/load-rules.ts';
import { type PreparedRules, prepareRules } from '../rules/prepare-rules.ts';
import type { RulePlaces } from '../rules/rule-places.ts';
import { startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';

export interface RuleSetOptions {
  /** Where analyses are looked up and kept; left out: nowhere beyond this call. */
  readonly cache?: Cache;
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
  const loaded = await loadRules(places);
  const prepared = await withAnalyst(world, { ...options, rules: loaded.rules.length }, (analyst, progress) =>
    prepareRules(loaded.rules, analyst, progress),
  );
  return { ...loaded, prepared };
}

export interface AnalystNeeds extends RuleSetOptions {
  /** How many rules there are to analyze, at most. */
  readonly rules: number;
  /** A worker that was started before. */
  readonly early?: Hand | null;
}

/** What the work gives that asks an analyst, who ends with it. */
export async function withAnalyst<T>(
  world: World,
  needs: AnalystNeeds,
  work: (analyst: Analyst, progress: (done: number) => void) => Promise<T>,
): Promise<T> {
  const { rules, cache = createMemoryCache(), workersFrom = Number.POSITIVE_INFINITY, hasParser = false } = needs;
  const isLarge = rules >= workersFrom;
  const form = isLarge || (!hasParser && findImage()) ? 'worker' : 'in-process';
  const workers = isLarge ? Math.min(MOST_WORKERS, availableParallelism()) : 1;
  const analyst = createAnalyst({ form, workers, cache, clock: world.clock, early: needs.early ?? null });
  const progress = startProgress(world, 'analyzing rules', rules);
  try {
    return await work(analyst, progress.update);
  } finally {
    progress.stop();
    await analyst.close();
  }
}
