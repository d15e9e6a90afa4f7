import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from '@jest/globals';

const shared = process.env.HUNTWIRE_SHARED ?? resolve(import.meta.dirname, '../../../shared');

/** A file of ../shared/oracles; empty where it is absent, and then `describeWith` skips what needs it. */
export function oracle(file: string): string {
  const path = resolve(shared, 'oracles', file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Describes where the oracle is there; elsewhere its tests are skipped, and their name says why. */
export function describeWith(file: string, what: string, tests: () => void): void {
  const describeOrSkip = existsSync(resolve(shared, 'oracles', file)) ? describe : describe.skip;
  describeOrSkip(`${what} (needs ../shared/oracles/${file})`, tests);
}
