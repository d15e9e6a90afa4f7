import type { KeyMemory, KeyState } from '../memory.ts';
import { endsOf } from './newness.ts';

/**
 * What is known of the keys of a run that tells what became of earlier ones in these ways: such a row is new again. Of a set only what
 * this window, which ends at `end`, has left; other windows that told it still hide it.
 */
export function withoutRetold(
  known: ReadonlyMap<string, KeyMemory>,
  retold: ReadonlySet<KeyState>,
  { isSet, end }: { readonly isSet: boolean; readonly end: number },
): ReadonlyMap<string, KeyMemory> {
  if (retold.size === 0) return known;
  const kept = [...known].flatMap(([key, memory]): readonly (readonly [string, KeyMemory])[] => {
    if (!retold.has(memory.state)) return [[key, memory]];
    return isSet ? [[key, withoutWindow(memory, end)]] : [];
  });
  return new Map(kept);
}

function withoutWindow(memory: KeyMemory, end: number): KeyMemory {
  const ends = endsOf(memory).filter((to) => to !== end);
  const held = memory.heldTo === end ? { heldTo: null, heldNewest: null } : {};
  return { ...memory, ...held, toldTo: ends.at(-1) ?? null, toldBefore: ends.slice(0, -1) };
}
