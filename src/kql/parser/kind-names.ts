import { type Foreign, member } from './foreign.ts';

const known = new Map<string, ReadonlyMap<number, string>>();

/** The names of an enumeration of the parser by their numbers, asked for once. */
export function kindNames(language: Foreign, space: string, name: string): ReadonlyMap<number, string> {
  const found = known.get(name);
  if (found) return found;
  const pairs = Object.entries(member(member(language, space), name)).filter(([, value]) => typeof value === 'number');
  const names = new Map(pairs.map(([text, value]) => [Number(value), text]));
  known.set(name, names);
  return names;
}
