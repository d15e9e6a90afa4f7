import type { RunnerRecord } from '../state/runner-record.ts';
import type { Store } from '../state/store.ts';

/** Of several processes one says in the state what they run: the one that has the chores. */
export interface Voice extends Pick<Store, 'noteRunner'> {
  /** From now on this process says it, by what it would have said last. */
  speak(store: Pick<Store, 'noteRunner'>): Promise<void>;
  /** Says that it is over, unless another goes on. */
  fallSilent(now: number): Promise<void>;
}

export function createVoice(): Voice {
  let latest: RunnerRecord | null = null;
  let said: Pick<Store, 'noteRunner'> | null = null;
  return {
    noteRunner: async (record) => {
      latest = record;
      await said?.noteRunner(record);
    },
    speak: async (store) => {
      said = store;
      if (latest) await store.noteRunner(latest);
    },
    fallSilent: async (now) => {
      const store = said;
      said = null;
      if (store && latest) await store.noteRunner({ ...latest, endedAt: now });
    },
  };
}
