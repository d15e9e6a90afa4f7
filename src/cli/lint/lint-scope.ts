import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CheckSeverities } from '../../rules/lint/lint-rules.ts';
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
  /** Whether every tenant is asked over an API that has the tables of devices only. */
  readonly devicesOnly: boolean;
  /** The state file of the configuration; null: there is no configuration, or it names a database. */
  readonly state: string | null;
}

/**
 * The given paths, else the configuration's, else `rules/` where there is no configuration. What reads a configuration, all sources and
 * targets with it, is loaded only where there is one.
 */
export async function lintScope(world: World, given: readonly string[], file: string): Promise<LintScope> {
  const whole = given.length === 0;
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file)))
    return { places: await rulePlaces(world, given, file), whole, severities: {}, devicesOnly: false, state: null };
  const { placesIn, readWithoutSecrets } = await import('../read-config.ts');
  const { config } = readWithoutSecrets(world, file);
  const apis = config.tenants.map(({ source }) => source.api);
  const devicesOnly = apis.length > 0 && apis.every((api) => api === 'mde');
  return {
    places: placesIn(world, config, given),
    whole,
    severities: config.lint.checks,
    devicesOnly,
    state: 'path' in config.state ? config.state.path : null,
  };
}
