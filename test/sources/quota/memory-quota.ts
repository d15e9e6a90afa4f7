import type { MeteredCall, QuotaStore, StoredPause, StoredRestraint } from '../../../src/sources/source.ts';

export interface MemoryQuota extends QuotaStore {
  /** Calls as they stand in the store, those in flight too. */
  all(): readonly MeteredCall[];
}

/** A store of one tenant and API, which several meters may share as processes share a file. Numbers come again, as in SQLite. */
export function createMemoryQuota(): MemoryQuota {
  const rows = new Map<number, MeteredCall>();
  let paused: StoredPause | null = null;
  let restraint: StoredRestraint | null = null;
  return {
    all: () => [...rows.values()],
    calls: async (_tenant, _api, since) => [...rows.values()].filter((call) => call.at >= since),
    callsAfter: async (_tenant, _api, number) =>
      [...rows].filter(([one]) => one > number).map(([one, call]) => ({ number: one, ...call })),
    beginCall: async (_tenant, _api, call) => {
      const number = Math.max(0, ...rows.keys()) + 1;
      rows.set(number, call);
      return number;
    },
    endCall: async (number, runMs) => {
      const call = rows.get(number);
      if (call) rows.set(number, { ...call, runMs });
    },
    cancelCall: async (number) => void rows.delete(number),
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
