import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import { createManualClock, systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { createDeliveryLoop } from '../../src/outbox/delivery-loop.ts';
import type { Lease } from '../../src/state/lease.ts';
import { addressOf, openClient } from '../../src/state/postgres/connection.ts';
import { openRunnerState, openShared, type RunnerState } from '../../src/state/runner-state.ts';
import type { Store } from '../../src/state/store.ts';
import { readShard, shardNames } from '../../src/state/target-shard.ts';
import { postgres } from '../lib/postgres.ts';
import { again, DELIVERED, fakeTarget } from '../outbox/scene.ts';
import { freshTarget, START, sampleAlert, sampleCommit, sampleMessage, sampleRun } from './samples.ts';

const ANY = { limit: 100, except: new Set<number>(), ignoreBackoff: true } as const;
const KEYS = 12;

postgres.describe('shards of a target', () => {
  const schema = postgres.freshSchema();
  const clock = createManualClock(START);
  const turns = { sleep: () => new Promise<void>(setImmediate) };
  const standBy = { clock: turns, signal: new AbortController().signal, waiting: () => undefined };
  let url: Secret;
  beforeEach(async () => {
    url = new Secret(await schema.url());
    await schema.empty().catch(() => undefined);
  });
  afterAll(schema.drop);

  const optionsOf = (machine: string) =>
    ({
      clock,
      log: silentLog,
      place: 'in-process',
      process: { verb: 'run', pid: 1, machine },
      version: '1.0.0',
    }) as const;
  const opened: RunnerState[] = [];
  afterEach(async () => {
    await Promise.allSettled(opened.splice(0).map((state) => state.close()));
  });
  const join = async (machine: string): Promise<RunnerState & Pick<Required<RunnerState>, 'leases' | 'lost'>> => {
    const state = await openShared(url, optionsOf(machine), standBy);
    opened.push(state);
    if (!state.leases || !state.lost) throw new Error('it shares nothing');
    return { ...state, leases: state.leases, lost: state.lost };
  };
  const take = async (state: RunnerState, names: readonly string[]): Promise<Lease[]> => {
    const leases: Lease[] = [];
    for (const name of names) {
      const lease = await state.leases?.take({ kind: 'target', name });
      if (lease) leases.push(lease);
    }
    return leases;
  };
  const giveBack = async (state: RunnerState, leases: readonly Lease[]): Promise<void> => {
    for (const lease of leases) await state.leases?.giveBack(lease);
  };
  /** So many alerts of each order key, one behind another. */
  const commit = async (store: Store, run: string, each: number, target = 'soar'): Promise<void> => {
    const alerts = Array.from({ length: each * KEYS }, (_, at) =>
      sampleAlert(`${run}-${at}`, { dedupKey: `key ${at % KEYS}` }),
    );
    const messages = alerts.map((alert) => sampleMessage(alert, target));
    await store.commit(sampleCommit(store, { alerts, messages, run: sampleRun(run) }));
  };
  const waitingIn = async (store: Store, part: string): Promise<readonly string[]> =>
    (await store.pending(part, { ...ANY, now: START })).map(({ orderKey, target }) => `${target} ${orderKey}`);
  const ask = async (text: string): Promise<readonly object[]> => {
    const client = await openClient(addressOf(url.reveal()));
    return (await client.query({ text }).finally(client.end)).rows as object[];
  };
  const strays = (of: number): Promise<readonly object[]> =>
    ask(
      `SELECT id FROM outbox WHERE settled_at IS NULL AND target = 'soar' AND shard IS DISTINCT FROM shard_of(order_key, ${of})`,
    );

  it('hold each order key in one of them, whenever and however its entries came, and all of the target between them', async () => {
    const north = await join('north');
    await commit(north.store, 'before', 2);
    await commit(north.store, 'to siem', 1, 'siem');
    const leases = await take(north, shardNames('soar', 4));
    expect(leases.map(({ name, fence }) => [name, fence])).toEqual(shardNames('soar', 4).map((name) => [name, 1]));
    await commit(north.store, 'behind', 2);
    const ids = await north.store.waitingIds('siem', 0);
    await north.store.divert({ of: 'siem', to: 'soar', ids, at: START });
    expect(await strays(4)).toEqual([]);
    const found = await Promise.all(leases.map(({ store, name }) => waitingIn(store, name)));
    expect(found.flat().sort()).toEqual([...(await waitingIn(north.store, 'soar'))].sort());
    expect(found.flat()).toHaveLength(KEYS);
    expect(found.filter((keys) => keys.length > 0).length).toBeGreaterThan(1);
    const waiting = await Promise.all(leases.map(({ store, name }) => store.waitingIds(name, 0)));
    expect(waiting.flat()).toHaveLength(5 * KEYS);
    for (const { store, name } of leases) {
      const first = await store.pending(name, { ...ANY, now: START });
      const tails = new Set(first.map(({ id }) => id));
      const next = await store.successors(name, { ...ANY, now: START, after: 0, held: tails, tails });
      expect(new Set(next.entries.map(({ orderKey }) => orderKey))).toEqual(new Set(first.map((one) => one.orderKey)));
      expect(typeof (await store.nextDue(name, 0))).toBe(first.length > 0 ? 'number' : 'object');
    }
  });

  it('are another number only when nobody has one of the number before, who writes nothing from then on', async () => {
    const [north, south] = [await join('north'), await join('south')];
    await commit(north.store, 'run', 2);
    const [whole] = await take(north, ['soar']);
    expect(await take(south, shardNames('soar', 2))).toEqual([]);
    await giveBack(north, [whole as Lease]);
    const two = await take(south, shardNames('soar', 2));
    expect(two).toHaveLength(2);
    expect(await take(north, ['soar', ...shardNames('soar', 3)])).toEqual([]);
    await expect((whole as Lease).store.delivered([1], START)).rejects.toMatchObject({ code: 'STATE_FENCED' });
    const [first] = two as [Lease, Lease];
    await giveBack(south, two);
    const three = await take(north, shardNames('soar', 3));
    expect([three.length, await strays(3)]).toEqual([3, []]);
    // It froze, and knows nothing of that: neither its own settlement nor that of the same shard under a lease that was taken over is kept.
    await expect(first.store.delivered([1], START)).rejects.toMatchObject({ code: 'STATE_FENCED' });
    const [lost] = three as [Lease];
    await giveBack(north, [lost]);
    const [now] = await take(south, [lost.name]);
    await expect(lost.store.delivered([1], START)).rejects.toMatchObject({ code: 'STATE_FENCED' });
    await now?.store.delivered([1], START);
    await Promise.all([north.close(), south.close()]);
    // Who runs alone divides nothing.
    const alone = await openRunnerState({ url }, optionsOf('west'));
    opened.push(alone);
    expect(await waitingIn(alone.store, 'soar')).toHaveLength(KEYS);
    expect(await ask('SELECT id FROM outbox WHERE settled_at IS NULL AND shard IS NOT NULL')).toEqual([]);
  });

  it('keep how long their target has been blocked, and how old what waits has become by that, when their number changes', async () => {
    const north = await join('north');
    await commit(north.store, 'run', 1);
    const blocked = { blockedSince: START, reason: 'HTTP 401', nextProbeAt: START + 9, probes: 3, probedMs: 500 };
    const probe = { now: START, longestStepMs: 10, longestAgeMs: 1e9, reason: 'HTTP 401', at: START };
    const two = await take(north, shardNames('soar', 2));
    for (const { name: target, store } of two) {
      await store.ageWaiting({ ...probe, target, probedMs: 100 });
      await store.setTargetState({ ...freshTarget(target), ...blocked, downSince: START - 5 });
    }
    expect(await north.store.targetState('soar')).toMatchObject({ target: 'soar', ...blocked, downSince: START - 5 });
    await giveBack(north, two);
    const three = await take(north, shardNames('soar', 3));
    const [first] = three as [Lease];
    expect(await first.store.targetState(first.name)).toMatchObject({ target: first.name, ...blocked });
    const aged = await ask('SELECT DISTINCT aged_ms, probed_from FROM outbox');
    expect(aged).toEqual([{ aged_ms: 400, probed_from: null }]);
    // One of them takes alerts again: what comes behind that is not taken for blocked.
    await first.store.setTargetState({ ...freshTarget(first.name), downSince: null });
    expect(await north.store.targetState('soar')).toMatchObject({ blockedSince: START });
    await giveBack(north, three);
    const [whole] = await take(north, ['soar']);
    expect(await whole?.store.targetState('soar')).toMatchObject({ blockedSince: null, downSince: null });
  });

  it('are served by several processes at once, and by the others when one dies: each order key in its order', async () => {
    const [north, south] = [await join('north'), await join('south')];
    await commit(north.store, 'run', 3);
    const seen: string[] = [];
    const killed = new AbortController();
    const targetOf = (isDoomed: boolean) =>
      fakeTarget('soar', async ({ messageId }) => {
        if (killed.signal.aborted && isDoomed) return again();
        if (!seen.includes(messageId)) seen.push(messageId);
        if (isDoomed && seen.length > KEYS) killed.abort();
        return DELIVERED;
      });
    const serve = (lease: Lease, isDoomed: boolean) => {
      const { index, of } = readShard(lease.name);
      const part = { kind: 'target', name: 'soar', shard: { name: lease.name, index, of } } as const;
      const shared = { clock: systemClock, log: silentLog, random: () => 0.5, healthTargets: [], tenant: 'contoso' };
      return createDeliveryLoop({ ...shared, store: lease.store, targets: [targetOf(isDoomed)], part });
    };
    const names = shardNames('soar', 4);
    const [dying, living] = [await take(north, names.slice(0, 2)), await take(south, names.slice(2))];
    const stop = new AbortController();
    const ending = Promise.allSettled(dying.map((lease) => serve(lease, true).run(killed.signal)));
    const going = living.map((lease) => serve(lease, false).run(stop.signal));
    const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
      while (!(await isSo())) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await until(() => killed.signal.aborted);
    await ask(`SELECT pg_terminate_backend(session::int) FROM machine WHERE name = 'north'`);
    await until(() => north.lost.aborted);
    const taken: Lease[] = [];
    await until(async () => {
      await south.leases.look();
      taken.push(...(await take(south, names.slice(0, 2))));
      return taken.length === 2;
    });
    going.push(...taken.map((lease) => serve(lease, false).run(stop.signal)));
    await until(async () => (await south.store.pendingTargets()).length === 0);
    stop.abort();
    await Promise.all(going);
    expect(seen).toHaveLength(3 * KEYS);
    const numbers = seen.map((id) => Number(/run-(\d+)/.exec(id)?.[1]));
    for (let key = 0; key < KEYS; key += 1) {
      const own = numbers.filter((number) => number % KEYS === key);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
    await ending;
  });
});
