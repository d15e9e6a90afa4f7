import { mapInTurns } from '../../lib/loop/in-turns.ts';
import { keptAlert } from '../rows/alert-rows.ts';
import type { Store } from '../store.ts';
import { CACHE_WRITES, QUOTA_WRITES, WRITES, type WriteCall } from './messages.ts';
import { packCommit, packHealth } from './packed-commit.ts';
import type { AskWriter } from './writer.ts';

/** Texts of most alerts are known. Behind alerts of other runs that are yet to be made, the thread would wait for all of them. */
const WRITTEN = { effort: 0 } as const;

/** A store that reads by itself and has the thread write. */
export function writtenStore(store: Store, ask: AskWriter): Store {
  const { commit, commitHealth, ...writes } = callsOf<Store, (typeof WRITES)[number]>(ask, 'store', WRITES);
  return {
    ...store,
    ...writes,
    quota: { ...store.quota, ...callsOf<Store['quota'], (typeof QUOTA_WRITES)[number]>(ask, 'quota', QUOTA_WRITES) },
    cache: { ...store.cache, ...callsOf<Store['cache'], (typeof CACHE_WRITES)[number]>(ask, 'cache', CACHE_WRITES) },
    commit: async (one) => {
      const alerts = await mapInTurns(one.alerts, keptAlert, WRITTEN);
      const packed = packCommit({ ...one, alerts });
      await ask('store', 'commit', [packed], [packed.documents.buffer]);
    },
    commitHealth: async (one) => {
      const packed = packHealth({ ...one, alerts: await mapInTurns(one.alerts, keptAlert, WRITTEN) });
      await ask('store', 'commitHealth', [packed], [packed.documents.buffer]);
    },
  };
}

/** Methods that have the writer do them. */
function callsOf<Part, Name extends keyof Part & string>(
  ask: AskWriter,
  of: WriteCall['of'],
  names: readonly Name[],
): Pick<Part, Name> {
  const calls = names.map((name) => [name, (...values: readonly unknown[]) => ask(of, name, values)]);
  return Object.fromEntries(calls) as Pick<Part, Name>;
}
