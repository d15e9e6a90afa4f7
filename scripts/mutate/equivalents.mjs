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
