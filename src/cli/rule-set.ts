import { availableParallelism } from 'node:os';
import { createAnalyst } from '../kql/analyst.ts';
import type { WorkerForm } from '../kql/analyst-worker.ts';
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

export const ANALYZING = 'analyzing rules';

/** Loads and analyzes rules, for verbs that end by themselves. */
export async function readRuleSet(
  world: World,
  places: RulePlaces,
  options: RuleSetOptions = {},
): Promise<LoadedRules & { readonly prepared: PreparedRules }> {
  const loaded = await loadRules(places);
  const analyst = openAnalyst(world, options);
  analyst.expect(loaded.rules.length);
  const progress = startProgress(world, ANALYZING, loaded.rules.length);
  try {
    return { ...loaded, prepared: await prepareRules(loaded.rules, analyst, progress.update) };
  } finally {
    progress.stop();
    await analyst.close();
  }
}

/** An analyst who is at hand before it is known how much there is to do. */
export interface SetAnalyst extends Analyst {
  /** Whether a worker analyzes, so that this process can do something else meanwhile. */
  readonly isApart: () => boolean;
  /** How many rules there are to analyze, at most, before the first is asked for. */
  readonly expect: (rules: number) => void;
  /** Starts all workers, as for many rules. */
  readonly enlarge: () => Promise<void>;
}

/** `early`: a worker that was started before. Who opens it closes it. */
export function openAnalyst(
  world: World,
  { cache = createMemoryCache(), workersFrom = Number.POSITIVE_INFINITY, hasParser = false }: RuleSetOptions,
  early: Hand | null = null,
): SetAnalyst {
  const workers = Math.min(MOST_WORKERS, availableParallelism());
  const hasWorker = early !== null || (!hasParser && findImage() !== null);
  let expected = 0;
  let analyst: WorkerForm | null = null;
  const chosen = (isLarge: boolean): WorkerForm => {
    const form = isLarge || hasWorker ? 'worker' : 'in-process';
    analyst ??= createAnalyst({ form, workers, workersFrom, cache, clock: world.clock, early });
    return analyst;
  };
  return {
    isApart: () => hasWorker,
    expect: (rules) => {
      expected = rules;
    },
    enlarge: () => chosen(true).start(),
    prepare: (text, options) => chosen(expected >= workersFrom).prepare(text, options),
    close: async () => analyst?.close(),
  };
}
