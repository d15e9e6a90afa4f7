import { isAbsolute, relative, sep } from 'node:path';
import type { World } from '../terminal/world.ts';

/**
 * From where GitHub counts paths: the top of the checkout that a workflow works in, also where a step works in a folder below it; anywhere
 * else the working folder.
 */
export function checkoutOf({ cwd, env }: Pick<World, 'cwd' | 'env'>): string {
  const top = env.GITHUB_WORKSPACE ?? '';
  if (!isAbsolute(top)) return cwd;
  const below = relative(top, cwd);
  return isAbsolute(below) || below.split(sep)[0] === '..' ? cwd : top;
}
