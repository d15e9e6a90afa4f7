import type { Store } from '../../../src/state/store.ts';
import { type Body, never } from './body.ts';

/** The store as a process sees it: what a dead one still wants of it never happens. */
export function mortalStore(store: Store, body: Body): Store {
  const mortal = <Part extends object>(part: Part): Part =>
    Object.fromEntries(
      Object.entries(part).map(([name, value]) => [
        name,
        typeof value === 'function' ? mortalCall(value, body) : value,
      ]),
    ) as Part;
  const { journal, time, number: life } = body;
  const alive = mortal(store);
  return {
    ...alive,
    cache: mortal(store.cache),
    quota: mortal(store.quota),
    commit: async (made) => {
      if (body.diesAt('before commit')) return never();
      const commit = body.tamper?.(made) ?? made;
      await store.commit(commit);
      journal.add({ kind: 'commit', at: time.now(), life, commit });
      if (body.diesAt('after commit')) return never();
    },
    commitHealth: async (commit) => {
      if (body.isDead()) return never();
      await store.commitHealth(commit);
      journal.add({ kind: 'health', at: time.now(), life, commit });
    },
    acknowledge: async (alertId, ...given) => {
      if (body.isDead()) return never();
      const stored = await store.acknowledge(alertId, ...given);
      if (stored) journal.add({ kind: 'taken', at: time.now(), life, alertId });
      return stored;
    },
    delivered: async (...given) => {
      if (body.diesAt('before ack')) return never();
      await store.delivered(...given);
      journal.add({ kind: 'acknowledged', at: time.now(), life });
      if (body.diesAt('after ack')) return never();
    },
  };
}

function mortalCall(call: (...given: unknown[]) => unknown, body: Body): (...given: unknown[]) => unknown {
  return (...given) => (body.isDead() ? never() : call(...given));
}
