import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { LeaseName } from '../../src/state/lease.ts';
import { addressOf, openClient, openPool } from '../../src/state/postgres/connection.ts';
import { WRITE_LOCK } from '../../src/state/postgres/locks.ts';
import { countTakeovers, listMachines } from '../../src/state/postgres/machines.ts';
import { openRunnerState, openShared, type RunnerState } from '../../src/state/runner-state.ts';
import { openCable } from '../lib/cable.ts';
import { postgres } from '../lib/postgres.ts';
import { commitAlerts, START, sampleCommit } from './samples.ts';
import { databaseWriterHere } from './writer-here.ts';

const TENANT: LeaseName = { kind: 'tenant', name: "o'neil \\ sons" };
const TARGET: LeaseName = { kind: 'target', name: 'soar' };

postgres.describe('leases of a state in Postgres', () => {
  const schema = postgres.freshSchema();
  const clock = createManualClock(START);
  const turns = { sleep: () => new Promise<void>(setImmediate) };
  const standBy = { clock: turns, signal: new AbortController().signal, waiting: () => undefined };
  let url: Secret;
  beforeEach(async () => {
    url = new Secret(await schema.url());
  });
  afterAll(schema.drop);

  const optionsOf = (machine: string) =>
    ({
      clock,
      log: silentLog,
      // One of them has a thread that writes.
      place: machine === 'north' ? 'worker' : 'in-process',
      startDatabaseWriter: databaseWriterHere().start,
      process: { verb: 'run', pid: 1, machine },
      version: '1.0.0',
    }) as const;
  const join = async (
    machine: string,
    at = url,
    time = clock,
  ): Promise<RunnerState & Pick<Required<RunnerState>, 'leases' | 'lost'>> => {
    const state = await openShared(at, { ...optionsOf(machine), clock: time }, standBy);
    if (!state.leases || !state.lost) throw new Error('it shares nothing');
    return { ...state, leases: state.leases, lost: state.lost };
  };

  it('are had by one process each, beside each other, and none runs alone meanwhile', async () => {
    const [north, south] = [await join('north'), await join('south')];
    await expect(openRunnerState({ url }, optionsOf('west'))).rejects.toMatchObject({ code: 'STATE_LOCKED' });
    const lease = await north.leases.take(TENANT);
    expect(lease).toMatchObject({ ...TENANT, fence: 1 });
    expect(await south.leases.take(TENANT)).toBeNull();
    expect(await south.leases.take(TARGET)).toMatchObject(TARGET);
    const { sharers, owners, self } = await north.leases.look();
    expect(sharers.map(({ hash }) => hash)).toEqual([null, null]);
    expect([...owners]).toEqual([
      [`tenant:${TENANT.name}`, self],
      ['target:soar', sharers.find(({ id }) => id !== self)?.id],
    ]);
    expect(south.leases.holder(TENANT)).toBeNull();
    await south.leases.look();
    expect([TENANT, TARGET].map(south.leases.holder)).toEqual([
      expect.objectContaining({ machine: 'north', pid: 1 }),
      null,
    ]);
    await south.leases.takePart('by these rules');
    expect((await north.leases.look()).sharers.map(({ hash }) => hash)).toEqual([null, 'by these rules']);
    const watching = await openClient(addressOf(url.reveal()));
    expect(await listMachines(watching)).toMatchObject([
      { machine: 'north', leases: [{ ...TENANT, fence: 1 }] },
      { machine: 'south', leases: [TARGET] },
    ]);
    await Promise.all([north.close(), south.close(), watching.end()]);
    const alone = await openRunnerState({ url }, optionsOf('west'));
    await alone.close();
  });

  it('that was taken over keeps nothing any more, neither runs nor calls nor deliveries; other leases go on', async () => {
    const [north, south] = [await join('north'), await join('south')];
    const [old, other] = [await north.leases.take(TENANT), await north.leases.take(TARGET)];
    if (!old || !other) throw new Error('nobody else has them');
    await commitAlerts(old.store, ['a1'], ['soar']);
    await north.leases.giveBack(TENANT);
    const now = await south.leases.take(TENANT);
    expect(now?.fence).toBe(old.fence + 1);
    const refused = { code: 'STATE_FENCED', message: expect.stringContaining("has taken over tenant o'neil") };
    await expect(old.store.commit(sampleCommit(old.store))).rejects.toMatchObject(refused);
    await expect(old.store.quota.beginCall('t', 'graph', { at: START, runMs: 0 })).rejects.toMatchObject(refused);
    await expect(old.store.delivered([1], START)).rejects.toMatchObject(refused);
    await expect(old.store.setDownSince('soar', 1)).rejects.toMatchObject(refused);
    await other.store.delivered([1], START);
    if (now) await now.store.commit(sampleCommit(now.store));
    await Promise.all([north.close(), south.close()]);
  });

  it('are free once the session of a process has ended, which is counted where it did not say so', async () => {
    const [north, south] = [await join('north'), await join('south')];
    const watching = await openClient(addressOf(url.reveal()));
    await watching.query({ text: 'DELETE FROM takeover' });
    await north.leases.take(TENANT);
    const { sharers } = await south.leases.look();
    const [first] = sharers;
    // As if it were frozen: whoever looks ends its session.
    await watching.query({
      text: `UPDATE machine SET seen_at = clock_timestamp() - interval '6 seconds' WHERE id = $1`,
      values: [first?.id],
    });
    while ((await south.leases.look()).sharers.length > 1);
    expect(await countTakeovers(watching)).toBe(1);
    expect(await south.leases.take(TENANT)).not.toBeNull();
    while (!north.lost.aborted) await new Promise(setImmediate);
    await expect(north.store.noteAudit(ENTRY)).rejects.toMatchObject({ code: 'STATE_GONE' });
    await Promise.all([north.close(), south.close(), watching.end()]);
  });

  it('of many tenants are taken in one turn, but for those that others have', async () => {
    const [north, south] = [await join('north'), await join('south')];
    await north.leases.take({ kind: 'tenant', name: 'b' });
    const taken = await south.leases.takeTenants(['a', 'b', TENANT.name]);
    expect(taken.map(({ kind, name }) => [kind, name])).toEqual([
      ['tenant', 'a'],
      ['tenant', TENANT.name],
    ]);
    expect(await north.leases.takeTenants(['a', TENANT.name])).toEqual([]);
    await south.leases.giveBack(TENANT);
    const [again] = await north.leases.takeTenants(['a', TENANT.name]);
    const before = taken.find(({ name }) => name === TENANT.name);
    expect(again).toMatchObject({ ...TENANT, fence: (before?.fence ?? 0) + 1 });
    await expect(before?.store.commit(sampleCommit(before.store))).rejects.toMatchObject({ code: 'STATE_FENCED' });
    await Promise.all([north.close(), south.close()]);
  });

  it.each(['before', 'behind'] as const)(
    'are free again where the commit that takes them is cut off %s the database has it',
    async (moment) => {
      const cable = await openCable(url.reveal());
      const north = await join('north', new Secret(cable.url));
      const south = await join('south');
      cable.cutAtCommit(moment, 'own');
      await expect(north.leases.takeTenants([TENANT.name])).rejects.toMatchObject({ code: 'STATE_BUSY' });
      const isFree = async (): Promise<boolean> => {
        await north.leases.look();
        return !(await south.leases.look()).owners.has(`tenant:${TENANT.name}`);
      };
      while (!(await isFree())) await pause();
      expect(await south.leases.take(TENANT)).not.toBeNull();
      await Promise.all([north.close(), south.close()]);
      cable.close();
    },
  );

  it('are taken although their owner froze in the middle of a transaction, and that ends no process', async () => {
    const pool = openPool(addressOf(url.reveal()), "SET idle_in_transaction_session_timeout = '10ms'");
    const frozen = pool.use(async (client) => {
      await client.query({ text: `BEGIN; ${WRITE_LOCK}` });
      const north = await join('north');
      expect(await north.leases.take(TENANT)).not.toBeNull();
      await north.close();
      await client.query({ text: 'COMMIT' });
    });
    await expect(frozen).rejects.toThrow();
    await pool.end();
  });

  it('are taken over from a process that is cut off only when it begins nothing any more, and it ends by itself', async () => {
    const cable = await openCable(url.reveal());
    const north = await join('north', new Secret(cable.url));
    const south = await join('south');
    const held = await north.leases.take(TENANT);
    expect(north.leases.isHeard()).toBe(true);
    cable.hold();
    let taken = await south.leases.take(TENANT);
    while (taken === null) {
      await pause();
      await south.leases.look();
      taken = await south.leases.take(TENANT);
    }
    expect(north.leases.isHeard()).toBe(false);
    expect(taken.fence).toBe((held?.fence ?? 0) + 1);
    while (!north.lost.aborted) await pause();
    cable.close();
    await Promise.allSettled([north.close(), south.close()]);
  });

  it('have what waits wait by the same time, whatever the clocks of their processes show', async () => {
    const ahead = createManualClock(START + 3_600_000);
    const [north, south] = [await join('north', url, ahead), await join('south')];
    await commitAlerts(north.store, ['late'], ['siem']);
    const lease = await south.leases.take({ kind: 'target', name: 'siem' });
    const now = lease?.store.outboxNow() ?? 0;
    const entries = await lease?.store.pending('siem', {
      now: now + 60_000,
      limit: 9,
      except: new Set(),
      ignoreBackoff: false,
    });
    expect(entries).toHaveLength(1);
    await Promise.all([north.close(), south.close()]);
  });

  it('tell which processes refused what they read again, until those end', async () => {
    const [north, south] = [await join('north'), await join('south')];
    await south.leases.refusals.note('one is wrong');
    await south.leases.refusals.note('two are wrong');
    await north.leases.refusals.note(null);
    expect(await north.leases.refusals.list()).toEqual([{ machine: 'south', pid: 1, text: 'two are wrong' }]);
    await south.close();
    expect(await north.leases.refusals.list()).toEqual([]);
    await north.close();
  });

  it('are told of to other processes', async () => {
    const [north, south] = [await join('north'), await join('south')];
    const heard = new Promise((resolve) => {
      south.leases.listen(resolve);
    });
    const own: unknown[] = [];
    north.leases.listen((reason) => own.push(reason));
    north.leases.wake('outbox');
    expect(await heard).toBe('outbox');
    expect(own).toEqual([]);
    await Promise.all([north.close(), south.close()]);
  });

  it('a process that shares waits for one that runs alone', async () => {
    const alone = await openRunnerState({ url }, optionsOf('alone'));
    const seen: unknown[] = [];
    const waiting = (holder: { readonly machine: string } | null): void => {
      seen.push(holder?.machine);
      if (seen.length === 2) void alone.close();
    };
    const state = await openShared(url, optionsOf('north'), { ...standBy, waiting });
    expect(seen.slice(0, 2)).toEqual(['alone', 'alone']);
    await state.close();
  });
});

/** Between two looks at what takes seconds. */
async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

const ENTRY = { who: 'x', at: START, action: 'a', subject: 's', before: null, after: null };
