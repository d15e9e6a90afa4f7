import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { inspectDatabase } from '../../src/state/postgres/inspect.ts';
import { takeRunnerSession } from '../../src/state/postgres/runner-session.ts';
import { openPostgresStore } from '../../src/state/postgres-store.ts';
import { openRunnerState } from '../../src/state/runner-state.ts';
import { isRunnerOn, openState, openStateReader } from '../../src/state/state-place.ts';
import { postgres } from '../lib/postgres.ts';
import { commitAlerts, START, sampleCommit } from './samples.ts';

postgres.describe('a runner on a state in Postgres', () => {
  const schema = postgres.freshSchema();
  const clock = createManualClock(START);
  const options = { clock, log: silentLog, place: 'in-process' } as const;
  let place: { readonly url: Secret };
  beforeEach(async () => {
    place = { url: new Secret(await schema.url()) };
  });
  afterAll(schema.drop);

  it('is the only one, until it ends', async () => {
    expect(await isRunnerOn(place)).toBe(false);
    const first = await openRunnerState(place, options);
    expect(await isRunnerOn(place)).toBe(true);
    await expect(openRunnerState(place, options)).rejects.toMatchObject({ code: 'STATE_LOCKED' });
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
    const session = await takeRunnerSession(await schema.url());
    session.guard();
    const sessions = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 7701 AND granted";
    await postgres.tell(`SELECT pg_terminate_backend(pid) FROM (${sessions}) AS held`);
    // The database says so when it gets to it: waited for without a limit but that of a hang.
    while (isSound(session.guard)) await new Promise(setImmediate);
    expect(() => session.guard()).toThrow('has lost its session with the database');
    await session.release();
    while (await isRunnerOn(place));
    const next = await takeRunnerSession(await schema.url());
    next.guard();
    await next.release();
  });

  it('is seen by who inspects the database, with the locks it can hold', async () => {
    const { close } = await openRunnerState(place, options);
    const found = await inspectDatabase(await schema.url());
    expect(found).toMatchObject({ holdsLocks: true, runner: true, isReadOnly: false, mayCreate: true });
    expect(found.layout).toBe(found.newest);
    await close();
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
