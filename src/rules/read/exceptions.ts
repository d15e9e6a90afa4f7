import type { Exception } from '../rule.ts';
import type { RawException, RawMatch } from './raw.ts';
import { type Reading, readInstant } from './reading.ts';

/** `exceptions`: values become text, `expires` an instant. */
export function readExceptions(reading: Reading, raw: readonly RawException[]): readonly Exception[] {
  return Object.freeze(raw.map((entry, index) => readException(reading, entry, index)));
}

function readException(reading: Reading, entry: RawException, index: number): Exception {
  const where = Object.entries(entry.where).map(([column, values]) => [column, texts(values)] as const);
  return Object.freeze({
    where: Object.freeze(Object.fromEntries(where)),
    reason: entry.reason,
    owner: entry.owner,
    expires: readInstant(reading, ['exceptions', index, 'expires'], entry.expires),
  });
}

function texts(values: RawMatch | readonly RawMatch[]): readonly string[] {
  return Object.freeze([values].flat().map(String));
}
