import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_CONFIG } from './options.ts';
import type { World } from './terminal/world.ts';

/**
 * The rule paths a verb works on: those given, else the configuration's, else `rules/` where there is no configuration. What reads
 * a configuration, all sources and targets with it, is loaded only where it is read.
 */
export async function rulePaths(world: World, given: readonly string[], file: string): Promise<readonly string[]> {
  if (given.length > 0) return given.map((path) => resolve(world.cwd, path));
  if (file === DEFAULT_CONFIG && !existsSync(resolve(world.cwd, file))) return [resolve(world.cwd, 'rules')];
  const { configuredPaths } = await import('./read-config.ts');
  return configuredPaths(world, file);
}
