import type { KeyMemory, KeyState } from '../memory.ts';
import type { DecideInput, Outcome } from './decision.ts';

/**
 * The key records that a run leaves: one for each row of a hit and each excepted row, and a touch for every known key that came
 * back. Rows below a threshold leave none. A key that was told stays told.
 */
export function recordKeys(input: DecideInput, outcomes: readonly Outcome[]): readonly KeyMemory[] {
  const records = new Map<string, KeyMemory>();
  for (const key of input.collected.otherKeys) touchKnown(records, input, key);
  for (const key of input.collected.excepted.keys) records.set(key, recordOf(input, key, 'excepted'));
  for (const outcome of outcomes) {
    for (const key of outcome.hit.rowKeys) records.set(key, recordOf(input, key, outcome.state));
  }
  return [...records.values()];
}

function touchKnown(records: Map<string, KeyMemory>, input: DecideInput, key: string): void {
  const memory = input.known.get(key);
  if (memory) records.set(key, touched(input, memory));
}

function recordOf(input: DecideInput, key: string, state: KeyState): KeyMemory {
  const memory = input.known.get(key);
  if (saysMore(state)) {
    return { key, state, toldTo: input.window?.to ?? input.logicalTime, lastReturned: latest(input, memory) };
  }
  if (memory && keepsState(memory.state, state)) return touched(input, memory);
  return { key, state, toldTo: memory?.toldTo ?? null, lastReturned: latest(input, memory) };
}

/** Told singly or within the overflow alert: an overlapping window must not tell it again. */
function saysMore(state: KeyState): boolean {
  return state === 'told' || state === 'overflow';
}

/** A duplicate or an excepted row keeps what it was; so does whatever was told. */
function keepsState(before: KeyState, now: KeyState): boolean {
  return before === 'told' || now === 'duplicate' || now === 'excepted';
}

function touched(input: DecideInput, memory: KeyMemory): KeyMemory {
  return { ...memory, lastReturned: latest(input, memory) };
}

/** An old window that is made up for does not make its rows look older than they are. */
function latest(input: DecideInput, memory: KeyMemory | undefined): number {
  return Math.max(input.logicalTime, memory?.lastReturned ?? input.logicalTime);
}
