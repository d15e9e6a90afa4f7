import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { Lease, LeaseName } from '../../src/state/lease.ts';
import { addressOf, type DatabaseClient, openClient } from '../../src/state/postgres/connection.ts';
import { inspectDatabase } from '../../src/state/postgres/inspect.ts';
import { openShared, type RunnerState } from '../../src/state/runner-state.ts';
import { type Cable, openCable } from '../lib/cable.ts';
import { postgres } from '../lib/postgres.ts';
import { tries } from '../tries.ts';
import { START, sampleAlert, sampleCommit, sampleMessage } from './samples.ts';

const clock = createManualClock(START);
const TENANT: LeaseName = { kind: 'tenant', name: 'contoso' };
const TARGET: LeaseName = { kind: 'target', name: 'soar' };

postgres.describe('a state that processes share, where the database fails', () => {
  const schema = postgres.freshSchema();
  let cable: Cable;
  let state: RunnerState;
  let lease: Lease;
  let watching: DatabaseClient & { readonly end: () => Promise<void> };
  beforeEach(async () => {
    cable = await openCable(await schema.url());
    watching = await openClient(addressOf(await schema.url()));
    state = await join(cable.url);
    lease = await take(state, TENANT);
  });
  afterEach(async () => {
    cable.close();
    await Promise.allSettled([state.close(), watching.end()]);
    await schema.empty();
  });
  afterAll(schema.drop);

  const count = async (table: string): Promise<number> => {
    const { rows } = await watching.query({ text: `SELECT count(*) AS many FROM ${table}` });
    return (rows[0] as { readonly many: number }).many;
  };
  const counts = () => Promise.all(['alert', 'outbox', 'run', 'journal'].map(count));
  const ask = (text: string) => watching.query({ text });

  it.each([
    ['did not arrive', 'before', 0],
    ['is not known to have arrived', 'behind', 1],
  ] as const)(
    'keeps a run whole whose COMMIT %s when the database crashes, and once where it is repeated',
    async (_, moment, kept) => {
      cable.cutAtCommit(moment);
      const lost = { code: expect.stringMatching(/^STATE_(BUSY|GONE)$/) };
      await expect(lease.store.commit(commitOf(lease))).rejects.toMatchObject(lost);
      // Every session has ended, and the leases with it: nothing is asked or written under them any more.
      while (!state.lost?.aborted) await new Promise(setImmediate);
      await expect(lease.store.quota.beginCall('contoso', 'graph', { at: START, runMs: 0 })).rejects.toMatchObject({
        code: 'STATE_GONE',
      });
      const next = await join(await schema.url());
      let again = await next.leases?.take(TENANT);
      while (!again) again = await next.leases?.take(TENANT);
      expect(again.fence).toBe(lease.fence + 1);
      expect(await counts()).toEqual([kept, kept, kept, kept]);
      expect((await again.store.ruleState('contoso', 'rule-a'))?.frontier ?? null).toBe(kept === 0 ? null : START);
      await again.store.commit(commitOf(again));
      expect(await counts()).toEqual([1, 1, 1, 1]);
      await next.close();
    },
  );

  it('leaves nothing of a run behind where its disk is full, and goes on once there is room', async () => {
    await ask(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
    await ask('CREATE TRIGGER full_disk BEFORE INSERT ON journal EXECUTE FUNCTION full_disk()');
    const full = { code: 'STATE_FULL', retryable: true, message: expect.stringContaining('nothing was lost') };
    await expect(lease.store.commit(commitOf(lease))).rejects.toMatchObject(full);
    expect(await counts()).toEqual([0, 0, 0, 0]);
    expect(await count('rule')).toBe(0);
    const target = await take(state, TARGET);
    await expect(target.store.delivered([1], START)).rejects.toMatchObject(full);
    await ask('DROP TRIGGER full_disk ON journal; DROP FUNCTION full_disk');
    // What it has it still has.
    await lease.store.commit(commitOf(lease));
    expect(await counts()).toEqual([1, 1, 1, 1]);
  });

  it('is not run on where it can only be read, and says where to go', async () => {
    const url = new URL(await schema.url());
    url.searchParams.set('options', `${url.searchParams.get('options')} -c default_transaction_read_only=on`);
    await expect(join(url.href)).rejects.toMatchObject({
      code: 'STATE_FAILED',
      retryable: true,
      message: expect.stringContaining('state.url must lead to the primary'),
    });
  });
});

/** With servers of their own, which crash and follow each other in earnest. */
for (let at = 0; at < tries(0, 1); at += 1)
  postgres.describe('a state that processes share, where a server fails', () => {
    let server: Server;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.stop());

    it('is whole behind a crash in the middle of a COMMIT, and on the replica that goes on for a lost server', async () => {
      const state = await join(server.url);
      const lease = await take(state, TENANT);
      const watching = await openClient(addressOf(server.url));
      await watching.query({ text: SLOW_COMMITS });
      const commit = expect(lease.store.commit(commitOf(lease))).rejects.toMatchObject({
        code: expect.stringMatching(/^STATE_(BUSY|GONE)$/),
      });
      while ((await watching.query({ text: COMMITS_GOING })).rows.length === 0);
      await watching.end();
      await server.tell('restart');
      await commit;
      while (!state.lost?.aborted) await new Promise(setImmediate);
      await state.close().catch(() => undefined);

      const again = await openClient(addressOf(server.url));
      expect((await again.query({ text: 'SELECT count(*) AS many FROM alert' })).rows).toEqual([{ many: 0 }]);
      await again.query({ text: 'DROP TRIGGER slow ON journal' });
      const replica = (await server.tell('replica')).match(/URL=(\S+)/)?.[1] ?? '';
      const next = await join(server.url);
      const taken = await take(next, TENANT);
      expect(taken.fence).toBeGreaterThan(lease.fence);
      await taken.store.commit(commitOf(taken));
      expect(await inspectDatabase(server.url)).toMatchObject({
        replicas: 1,
        synchronousReplicas: 0,
        holdsLocks: true,
      });
      await expect(join(replica)).rejects.toMatchObject({
        code: 'STATE_FAILED',
        retryable: true,
        message: expect.stringContaining('state.url must lead to the primary'),
      });
      while ((await again.query({ text: FOLLOWED })).rows.length === 0);
      await Promise.all([next.close(), again.end()]);

      await server.tell('promote');
      const moved = await join(replica);
      const there = await take(moved, TENANT);
      expect(there.fence).toBeGreaterThan(taken.fence);
      expect((await there.store.ruleState('contoso', 'rule-a'))?.frontier).toBe(START);
      // What it has it does not tell twice.
      await there.store.commit(commitOf(there));
      const { alerts } = await there.store.alertPage({ after: null, limit: 9 });
      expect(alerts).toHaveLength(1);
      await moved.close();
    });
  });

const SLOW_COMMITS = `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`;
const COMMITS_GOING = "SELECT pid FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'";
const FOLLOWED = 'SELECT pid FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()';

interface Server {
  readonly url: string;
  tell(verb: string): Promise<string>;
  stop(): Promise<unknown>;
}

async function startServer(): Promise<Server> {
  const tell = async (verb: string, env = {}): Promise<string> => {
    const options = { env: { ...process.env, ...env } };
    return (await promisify(execFile)('bash', ['scripts/test-postgres.sh', verb], options)).stdout;
  };
  const [, place = '', url = ''] = /POSTGRES=(\S+) \S+URL=(\S+)/.exec(await tell('start')) ?? [];
  const own = (verb: string): Promise<string> => tell(verb, { HUNTWIRE_TEST_POSTGRES: place });
  return { url, tell: own, stop: () => own('stop') };
}

function join(url: string): Promise<RunnerState> {
  const options = { clock, log: silentLog, place: 'in-process', version: '1' } as const;
  const standBy = { clock, signal: new AbortController().signal, waiting: () => undefined };
  const process = { verb: 'run', pid: 1, machine: 'north' };
  return openShared(new Secret(url), { ...options, process }, standBy);
}

async function take(state: RunnerState, name: LeaseName): Promise<Lease> {
  const lease = await state.leases?.take(name);
  if (!lease) throw new Error(`${name.kind} ${name.name} is not free`);
  return lease;
}

function commitOf({ store }: Lease) {
  const alert = sampleAlert('a1');
  return sampleCommit(store, { alerts: [alert], messages: [sampleMessage(alert, 'soar')] });
}
