import { open } from 'node:fs/promises';
import type { Clock } from '../lib/clock.ts';
import { SECOND_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../state/store.ts';
import { journalLine } from './journal-line.ts';

export interface JournalFileDeps {
  readonly store: Pick<Store, 'journal' | 'cache'>;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_MS = 2 * SECOND_MS;
const FAILED_MS = 30 * SECOND_MS;
const AT_ONCE = 500;

/**
 * Appends what happens to a file, a line of JSON each, until `signal` aborts: in its order, at least once, from where it stopped the last
 * time; a line that comes twice has the same `place` and says the same. The file is opened anew for each look, so that it may be moved
 * away. What goes wrong is logged once and tried again; nothing else waits for it.
 */
export async function keepJournalFile(path: string, deps: JournalFileDeps, signal: AbortSignal): Promise<void> {
  let failing = false;
  for (let isLast = false; !isLast; ) {
    isLast = signal.aborted;
    const failure = await appendNew(path, deps).then(() => null, toHuntwireError);
    if (failure && !failing)
      deps.log.warn('Events could not be written to their file; it is tried again.', { path, reason: failure.message });
    failing = failure !== null;
    if (!isLast) await deps.clock.sleep(failing ? FAILED_MS : LOOK_MS, signal).catch(() => undefined);
  }
}

async function appendNew(path: string, { store }: JournalFileDeps): Promise<void> {
  const name = `events ${path}`;
  const stored = await store.cache.get(name);
  let after = Number(stored ?? 0);
  for (;;) {
    const { events, place, isLast } = await store.journal({ after, limit: AT_ONCE });
    if (place > after) {
      await append(path, events.map(journalLine).join(''));
      await store.cache.set(name, String(place));
    }
    after = place;
    if (isLast) return;
  }
}

async function append(path: string, text: string): Promise<void> {
  if (text === '') return;
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}
