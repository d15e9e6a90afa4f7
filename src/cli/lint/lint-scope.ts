import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CheckSeverities } from '../../rules/lint/lint-rules.ts';
import { DEFAULT_CONFIG } from '../options.ts';
import type { World } from '../terminal/world.ts';

/** What lint works on, and how strictly. */
export interface LintScope {
  /** Absolute paths of rule files and folders. */
  readonly paths: readonly string[];
  readonly severities: CheckSeverities;
}

/**
 * The given paths, else the configuration's, else `rules/` where there is no configuration. What reads a configuration, all sources and
 * targets with it, is loaded only where there is one.
 */
export async function lintScope(world: World, given: readonly string[], file: string): Promise<LintScope> {
  const paths = given.map((path) => resolve(world.cwd, path));
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file))) {
    return { paths: paths.length > 0 ? paths : [resolve(world.cwd, 'rules')], severities: {} };
  }
  const { readWithoutSecrets } = await import('../read-config.ts');
  const { config } = readWithoutSecrets(world, file);
  const configured = [...new Set(config.tenants.flatMap((tenant) => tenant.rules))];
  return { paths: paths.length > 0 ? paths : configured, severities: config.lint.checks };
}
