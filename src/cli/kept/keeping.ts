import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FileKeeping } from '../../rules/kept/kept-reader.ts';
import { version } from '../version.ts';
import { createKeptFile } from './kept-file.ts';

/**
 * Where lint keeps what it read and found, and writes it at the end: in the folder that was asked for; else beside the state where there
 * is one: lint makes none. Null: nowhere, which is also where the program does not know of what build it is, as its sources do not.
 */
export function lintKeeping(folder: string | null, state: string | null, build = buildOf()): FileKeeping | null {
  return keepingIn(folder === null ? besideState(state) : join(resolve(folder), 'lint'), build);
}

/** Where a runner keeps the rules that it read, for its next start. Lint has another file: it may be run by somebody else. */
export function runnerKeeping(state: string, build = buildOf()): FileKeeping | null {
  return keepingIn(state === IN_MEMORY ? null : `${state}.rules`, build, WORTH_TIDYING);
}

/** Above that, a file of which less than half was of use at a start is written anew. */
const WORTH_TIDYING = 1024 * 1024;

const IN_MEMORY = ':memory:';

function keepingIn(file: string | null, build: string | null, largeBytes?: number): FileKeeping | null {
  if (file === null || build === null) return null;
  const cache = createKeptFile(file, largeBytes);
  return { cache, build, digest: digestOf, save: cache.save, leave: cache.leave };
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

/** One digest of several texts, which are told apart. */
export function digestOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('base64');
}
