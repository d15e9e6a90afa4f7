import type {
  MeteredCall,
  NumberedCall,
  QuotaStore,
  StoredPause,
  StoredRestraint,
} from '../../../src/sources/source.ts';

export interface MemoryQuota extends QuotaStore {
  /** Calls as they stand in the store, those in flight too. */
  all(): readonly MeteredCall[];
}

/** A store of one tenant and API, which several meters may share as processes share a file. Numbers come again, as in SQLite. */
export function createMemoryQuota(): MemoryQuota {
  const rows = new Map<number, MeteredCall>();
  let last = 0;
  let paused: StoredPause | null = null;
  let restraint: StoredRestraint | null = null;
  return {
    all: () => [...rows.values()],
    calls: async (_tenant, _api, since) => [...rows.values()].filter((call) => call.at >= since),
    callsAfter: async (_tenant, _api, number) => {
      const found: NumberedCall[] = [];
      for (let one = number + 1; one <= last; one += 1) {
        const call = rows.get(one);
        if (call) found.push({ number: one, ...call });
      }
      return found;
    },
    beginCall: async (_tenant, _api, call) => {
      last += 1;
      rows.set(last, call);
      return last;
    },
    endCall: async (number, runMs) => {
      const call = rows.get(number);
      if (call) rows.set(number, { ...call, runMs });
    },
    cancelCall: async (number) => {
      rows.delete(number);
      while (last > 0 && !rows.has(last)) last -= 1;
    },
    pauseOf: async () => paused,
    pause: async (_tenant, _api, pause) => {
      paused = pause;
    },
    restraintOf: async () => restraint,
    restrain: async (_tenant, _api, one) => {
      restraint = one;
    },
  };
}
