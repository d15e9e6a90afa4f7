import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { addressOf, openClient } from '../../src/state/postgres/connection.ts';
import { inspectDatabase } from '../../src/state/postgres/inspect.ts';
import { heldLock } from '../../src/state/postgres/locks.ts';
import { countTakeovers, type Holder, listMachines } from '../../src/state/postgres/machines.ts';
import { migrateTables } from '../../src/state/postgres/migrate.ts';
import { LAYOUT_STEPS } from '../../src/state/postgres/migrations.ts';
import { takeRunnerSession } from '../../src/state/postgres/runner-session.ts';
import { openPostgresStore } from '../../src/state/postgres-store.ts';
import { openRunnerState } from '../../src/state/runner-state.ts';
import { isRunnerOn, openState, openStateReader } from '../../src/state/state-place.ts';
import { postgres } from '../lib/postgres.ts';
import { commitAlerts, START, sampleCommit } from './samples.ts';

postgres.describe('a runner on a state in Postgres', () => {
  const schema = postgres.freshSchema();
  const clock = createManualClock(START);
  const self = { verb: 'run', pid: 17, machine: 'north' };
  const version = '1.0.0';
  const options = { clock, log: silentLog, place: 'in-process', process: self, version } as const;
  const turnOfLoop = { sleep: () => new Promise<void>(setImmediate) };
  let place: { readonly url: Secret };
  beforeEach(async () => {
    place = { url: new Secret(await schema.url()) };
  });
  afterAll(schema.drop);

  it('is the only one, until it ends', async () => {
    expect(await isRunnerOn(place)).toBe(false);
    const first = await openRunnerState(place, options);
    expect(await isRunnerOn(place)).toBe(true);
    await expect(openRunnerState(place, options)).rejects.toMatchObject({
      code: 'STATE_LOCKED',
      message: expect.stringMatching(/^"huntwire run" \(process 17 on north\) runs on the database/),
    });
    await first.close();
    expect(await isRunnerOn(place)).toBe(false);
    const second = await openRunnerState(place, options);
    expect(second.store.fence).toBeGreaterThan(first.store.fence);
    await second.close();
  });

  it('has others read and write beside it', async () => {
    const { store, close } = await openRunnerState(place, options);
    await commitAlerts(store, ['a1'], ['soar']);
    const reader = await openStateReader(place, { clock });
    expect((await reader.ruleStates()).map(({ ruleId }) => ruleId)).toEqual(['rule-a']);
    const other = await openState(place, { clock });
    expect(await other.buryPending('soar', { reason: 'gone', at: START })).toBe(1);
    expect(await store.pendingTargets()).toEqual([]);
    await Promise.all([other.close(), reader.close()]);
    await close();
  });

  it('that was thought dead keeps nothing any more, neither runs nor deliveries', async () => {
    const url = await schema.url();
    const alone = { guard: () => undefined };
    const old = await openPostgresStore({ url, clock, lock: alone });
    const commit = sampleCommit(old);
    const now = await openPostgresStore({ url, clock, lock: alone });
    await expect(old.commit(commit)).rejects.toMatchObject({ code: 'STATE_FENCED' });
    await expect(old.delivered([1], START)).rejects.toMatchObject({ code: 'STATE_FENCED' });
    await expect(old.quota.beginCall('t', 'graph', { at: START, runMs: 0 })).rejects.toMatchObject({
      code: 'STATE_FENCED',
    });
    await now.commit(sampleCommit(now));
    await Promise.all([old.close(), now.close()]);
  });

  it('ends where its session is lost, and asks nothing more', async () => {
    const session = await takeRunnerSession(await schema.url(), { self, version });
    session.guard();
    const watching = await openClient(addressOf(await schema.url()));
    await watching.query({ text: `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE ${heldLock('runner')}` });
    await watching.end();
    // The database says so when it gets to it: waited for without a limit but that of a hang.
    while (isSound(session.guard)) await new Promise(setImmediate);
    expect(() => session.guard()).toThrow('has lost its session with the database');
    await session.release();
    while (await isRunnerOn(place));
    const next = await takeRunnerSession(await schema.url(), { self, version });
    next.guard();
    await next.release();
  });

  it('is followed by one that stands by, which knows who runs and whether it was waited for', async () => {
    const url = await schema.url();
    const first = await takeRunnerSession(url, { self, version });
    const { signal } = new AbortController();
    const seen: (string | undefined)[] = [];
    const watching = await openClient(addressOf(url));
    await watching.query({ text: 'DELETE FROM takeover' });
    const waiting = async (holder: Holder | null): Promise<void> => {
      seen.push(holder?.machine);
      if (seen.length === 3) await first.release();
    };
    const standBy = { clock: turnOfLoop, signal, waiting: (holder: Holder | null) => void waiting(holder) };
    const next = await takeRunnerSession(url, { self: { ...self, machine: 'south' }, version, standBy });
    next.guard();
    expect(seen.slice(0, 3)).toEqual(['north', 'north', 'north']);
    expect(await listMachines(watching)).toMatchObject([{ machine: 'south', runs: true, version }]);
    // Whoever said that it was over was not taken over from.
    expect(await countTakeovers(watching)).toBe(0);
    await Promise.all([next.release(), watching.end()]);
  });

  it('that says nothing any more is ended by one that stands by, which is counted', async () => {
    const url = await schema.url();
    const watching = await openClient(addressOf(url));
    const first = await takeRunnerSession(url, { self, version });
    const { signal } = new AbortController();
    let looks = 0;
    const waiting = (): void => {
      looks += 1;
      // As if it had been frozen; a beat that comes now says that it was not.
      void watching.query({ text: `UPDATE machine SET seen_at = seen_at - interval '6 seconds' WHERE runs` });
    };
    const next = await takeRunnerSession(url, { self, version, standBy: { clock: turnOfLoop, signal, waiting } });
    next.guard();
    expect(looks).toBeGreaterThan(0);
    while (isSound(first.guard)) await new Promise(setImmediate);
    expect(() => first.guard()).toThrow('has lost its session');
    expect(await countTakeovers(watching)).toBe(1);
    await Promise.all([first.release(), next.release(), watching.end()]);
  });

  it('that stands by stops when it is told to, and leaves nothing', async () => {
    const url = await schema.url();
    const first = await takeRunnerSession(url, { self, version });
    const stop = new AbortController();
    const clock = { sleep: async () => stop.signal.throwIfAborted() };
    const standBy = { clock, signal: stop.signal, waiting: () => stop.abort() };
    await expect(takeRunnerSession(url, { self, version, standBy })).rejects.toMatchObject({ code: 'ABORTED' });
    first.guard();
    await first.release();
    expect(await isRunnerOn(place)).toBe(false);
  });

  it('is seen by who inspects the database, with the locks it can hold', async () => {
    const { close } = await openRunnerState(place, options);
    const found = await inspectDatabase(await schema.url());
    expect(found).toMatchObject({ holdsLocks: true, runner: true, isReadOnly: false, mayCreate: true });
    expect(found.layout).toBe(found.newest);
    await close();
  });
});

postgres.describe('tables of an earlier release', () => {
  const schema = postgres.freshSchema();
  afterAll(schema.drop);

  it('are brought up to date with what is in them, and row keys stay one of a rule', async () => {
    const url = await schema.url();
    const client = await openClient(addressOf(url));
    await migrateTables(client, addressOf(url), LAYOUT_STEPS.slice(0, 2));
    await client.query({ text: "INSERT INTO rule (tenant, rule_id, state) VALUES ('t', 'r', '{}')" });
    const keep = "INSERT INTO row_key (rule, key, state, last_returned) VALUES (1, '\\x0a', 'told', 5)";
    await client.query({ text: keep });
    const store = await openPostgresStore({ url, clock: createManualClock(START) });
    expect(await store.findKeys('t', 'r', ['0a'])).toMatchObject(new Map([['0a', { state: 'told' }]]));
    await expect(client.query({ text: keep })).rejects.toMatchObject({ code: '23505' });
    await Promise.all([store.close(), client.end()]);
  });
});

function isSound(guard: () => void): boolean {
  try {
    guard();
    return true;
  } catch {
    return false;
  }
}
