import type { OutboxEntry } from '../state/outbox-store.ts';
import type { BatchTraits } from '../targets/target.ts';
import type { Queue, Session } from './session.ts';

/** Milliseconds until what is ready goes out: none where a batch is full, or where nothing more is to be waited for. */
export function gatherMs({ mode }: Session, { target, ready, readySince }: Queue, monotonic: number): number {
  const { batch } = target.traits;
  if (!batch || mode.kind === 'drain') return 0;
  const left = Math.ceil(readySince + batch.everyMs - monotonic);
  return left > 0 && !fills(ready, batch) ? left : 0;
}

/** Takes the entries of the next delivery out of those that are ready: one, or a batch. */
export function takeEntries({ target, ready }: Queue): readonly OutboxEntry[] {
  const { batch } = target.traits;
  if (batch) return ready.splice(0, countOfBatch(ready, batch));
  const first = ready.shift();
  return first ? [first] : [];
}

function fills(ready: readonly OutboxEntry[], batch: BatchTraits): boolean {
  return ready.length >= batch.max || countOfBatch(ready, batch) < ready.length;
}

/** At least one, however large it is. */
function countOfBatch(ready: readonly OutboxEntry[], { max, maxCharacters }: BatchTraits): number {
  let characters = 0;
  const tooMany = ready.findIndex((entry, at) => {
    characters += entry.characters;
    return at >= max || (at > 0 && characters > maxCharacters);
  });
  return tooMany < 0 ? ready.length : tooMany;
}
