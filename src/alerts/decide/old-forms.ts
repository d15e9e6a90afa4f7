import type { Collected } from '../hit.ts';
import type { KeyMemory } from '../memory.ts';

/**
 * What is known of the keys of a run, where rows may still be known by keys of an earlier form: such a memory goes on under the new
 * key. Of several, the one that was told last is taken, else the one that came back last.
 */
export function withOldForms(
  known: ReadonlyMap<string, KeyMemory>,
  { oldKeys }: Collected,
): ReadonlyMap<string, KeyMemory> {
  if (oldKeys.size === 0) return known;
  const merged = new Map(known);
  for (const [key, olds] of oldKeys) {
    if (known.has(key)) continue;
    const memories = olds.flatMap((old) => known.get(old) ?? []);
    const [best] = memories.sort((a, b) => (b.toldTo ?? 0) - (a.toldTo ?? 0) || b.lastReturned - a.lastReturned);
    if (best) merged.set(key, { ...best, key });
  }
  return merged;
}
