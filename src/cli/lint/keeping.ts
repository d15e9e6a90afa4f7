import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Keeping } from '../../rules/kept/kept-reader.ts';
import { version } from '../version.ts';
import { createKeptFile } from './kept-file.ts';
import { digestOf } from './record-reads.ts';

/** Where lint keeps what it read and found, and writes it at the end. */
export interface LintKeeping extends Keeping {
  save(): void;
}

/**
 * In the folder that was asked for; else beside the state where there is one: lint makes none. Null: nowhere, which is also where the program
 * does not know of what build it is, as its sources do not.
 */
export function lintKeeping(folder: string | null, state: string | null, build = buildOf()): LintKeeping | null {
  const file = folder === null ? besideState(state) : join(resolve(folder), 'lint');
  if (file === null || build === null) return null;
  const cache = createKeptFile(file);
  return { cache, build, digest: digestOf, save: cache.save };
}

/** Nobody waits for a state that a runner holds, or brings it to another version: what is kept has a file of its own. */
function besideState(state: string | null): string | null {
  return state !== null && existsSync(state) ? `${state}.lint` : null;
}

/** A digest that the build leaves of all that was built: versions change too rarely to tell. */
function buildOf(): string | null {
  try {
    return `${version} ${readFileSync(new URL('../../build-id', import.meta.url), 'utf8')}`;
  } catch {
    return null;
  }
}
