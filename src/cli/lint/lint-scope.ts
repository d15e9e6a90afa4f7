import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../../lib/errors.ts';
import type { Offer } from '../../rules/lint/check.ts';
import type { CheckSeverities } from '../../rules/lint/lint-rules.ts';
import type { Rule } from '../../rules/rule.ts';
import type { RulePlaces } from '../../rules/rule-places.ts';
import { DEFAULT_CONFIG } from '../options.ts';
import { rulePlaces } from '../rule-paths.ts';
import type { World } from '../terminal/world.ts';

/** What lint works on, and how strictly. */
export interface LintScope {
  readonly places: RulePlaces;
  /** Whether that is the whole set, and so all that overlays may speak of. */
  readonly whole: boolean;
  readonly severities: CheckSeverities;
  /** What the sources have that run the rules of a file; null: none is known. */
  readonly offerOf: (file: string) => Offer | null;
  /** What the configuration refuses about the targets of rules. */
  readonly targetProblems: (rules: readonly Rule[]) => readonly Problem[];
  /** The state file of the configuration; null: there is no configuration, or it names a database. */
  readonly state: string | null;
}

const WITHOUT_CONFIG = { severities: {}, offerOf: () => null, targetProblems: () => [], state: null };

/**
 * The given paths, else the configuration's, else `rules/` where there is no configuration. What reads a configuration, all sources and
 * targets with it, is loaded only where there is one.
 */
export async function lintScope(world: World, given: readonly string[], file: string): Promise<LintScope> {
  const whole = given.length === 0;
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file)))
    return { ...WITHOUT_CONFIG, places: await rulePlaces(world, given, file), whole };
  const { placesIn, readWithoutSecrets } = await import('../read-config.ts');
  const { offerOf } = await import('../../config/operation/offer-of.ts');
  const { targetProblemsOf } = await import('../../config/check-rule-targets.ts');
  const { config } = readWithoutSecrets(world, file);
  return {
    places: placesIn(world, config, given),
    whole,
    severities: config.lint.checks,
    offerOf: (file) => offerOf(config, file),
    targetProblems: targetProblemsOf(config),
    state: 'path' in config.state ? config.state.path : null,
  };
}
