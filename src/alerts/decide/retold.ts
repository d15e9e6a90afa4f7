import type { KeyMemory, KeyState } from '../memory.ts';
import { endsOf } from './newness.ts';

/**
 * What is known of the keys of a run that tells what became of earlier ones in these ways: such a row is new again. Of a set only what
 * this window has left, or one that overlaps it and held it back; other windows that told it still hide it.
 */
export function withoutRetold(
  known: ReadonlyMap<string, KeyMemory>,
  retold: ReadonlySet<KeyState>,
  { isSet, from, end }: { readonly isSet: boolean; readonly from: number; readonly end: number },
): ReadonlyMap<string, KeyMemory> {
  if (retold.size === 0) return known;
  const kept = [...known].flatMap(([key, memory]): readonly (readonly [string, KeyMemory])[] => {
    if (!retold.has(memory.state)) return [[key, memory]];
    return isSet ? [[key, withoutWindow(memory, from, end)]] : [];
  });
  return new Map(kept);
}

function withoutWindow(memory: KeyMemory, from: number, end: number): KeyMemory {
  const ends = endsOf(memory).filter((to) => to !== end);
  const held = memory.heldTo === end ? { heldTo: null, heldNewest: null } : {};
  const heldBefore = memory.heldBefore.filter((span) => span.to <= from || span.from >= end);
  return { ...memory, ...held, heldBefore, toldTo: ends.at(-1) ?? null, toldBefore: ends.slice(0, -1) };
}
