import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RulePlaces } from '../rules/rule-places.ts';
import { DEFAULT_CONFIG } from './options.ts';
import type { World } from './terminal/world.ts';

/**
 * Where the rules lie that a verb works on: at the given paths, else where the configuration says, else in `rules/` where there is none.
 * What a configuration lays over rules is laid over given ones, too. What reads a configuration, all sources and targets with it, is
 * loaded only where it is read.
 */
export async function rulePlaces(world: World, given: readonly string[], file: string): Promise<RulePlaces> {
  if (file !== DEFAULT_CONFIG || existsSync(resolve(world.cwd, file))) {
    const { placesIn, readWithoutSecrets } = await import('./read-config.ts');
    return placesIn(world, readWithoutSecrets(world, file).config, given);
  }
  const folder = resolve(world.cwd, 'rules');
  const paths = given.length > 0 ? given.map((path) => resolve(world.cwd, path)) : [folder];
  return { paths, overlays: [], roots: [folder], folder: world.cwd };
}
