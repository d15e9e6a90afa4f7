import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Mutants that change nothing anyone could notice: `[{file, before, after, reason}]`, with the lines as the report prints them. */
export function readEquivalents() {
  const listed = JSON.parse(readFileSync(join(import.meta.dirname, 'equivalent.json'), 'utf8'));
  return new Map(listed.map((one) => [keyOf(one), one.reason]));
}

export function keyOf({ file, before, after }) {
  return JSON.stringify([file, before, after]);
}

/** Listed mutants that the code has no more: their lines have changed, and somebody must look whether the reason still holds. */
export function staleEquivalents(equivalents, mutants) {
  const known = new Set(mutants.map(keyOf));
  return [...equivalents.keys()].filter((key) => !known.has(key));
}
