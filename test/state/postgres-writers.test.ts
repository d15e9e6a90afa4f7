import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { Lease } from '../../src/state/lease.ts';
import { binaryList } from '../../src/state/postgres/binary-list.ts';
import { addressOf, type DatabaseClient, openClient } from '../../src/state/postgres/connection.ts';
import { heldLock, LINE_LOCK } from '../../src/state/postgres/locks.ts';
import { openShared, type RunnerState } from '../../src/state/runner-state.ts';
import type { Commit } from '../../src/state/store.ts';
import { postgres } from '../lib/postgres.ts';
import { START, sampleAlert, sampleCommit, sampleMessage, sampleRun } from './samples.ts';
import { databaseWriterHere } from './writer-here.ts';

const TENANTS = ['north', 'south'];

postgres.describe('processes that write to one state in Postgres', () => {
  const schema = postgres.freshSchema();
  const clock = createManualClock(START);
  let states: readonly RunnerState[];
  let tenants: readonly Lease[];
  let watching: DatabaseClient & { readonly end: () => Promise<void> };
  beforeEach(async () => {
    watching = await openClient(addressOf(await schema.url()));
    const url = new Secret(await schema.url());
    const standBy = { clock, signal: new AbortController().signal, waiting: () => undefined };
    const join = (machine: string) => {
      const process = { verb: 'run', pid: 1, machine };
      // One of them has a thread that writes.
      const place = machine === 'a' ? 'worker' : 'in-process';
      const how = { place, startDatabaseWriter: databaseWriterHere().start } as const;
      return openShared(url, { clock, log: silentLog, ...how, process, version: '1' }, standBy);
    };
    states = [await join('a'), await join('b')];
    tenants = await Promise.all(TENANTS.map((name, at) => take(states[at], { kind: 'tenant', name })));
  });
  afterEach(async () => {
    await Promise.all([...states.map((state) => state.close()), watching.end()]);
    await schema.empty();
  });
  afterAll(schema.drop);

  const waitingInLine = async (): Promise<unknown> => {
    const held = heldLock('line').replace('granted', 'NOT granted');
    const { rows } = await watching.query({ text: `SELECT count(*) AS many FROM pg_locks WHERE ${held}` });
    return (rows[0] as { readonly many: number }).many;
  };

  it('write what runs remember beside each other, and number what they tell one after another', async () => {
    await watching.query({ text: `BEGIN; ${LINE_LOCK}` });
    const commits = tenants.map((lease) => lease.store.commit(commitOf(lease, 'x', 3)));
    while ((await waitingInLine()) !== TENANTS.length);
    await watching.query({ text: 'COMMIT' });
    await Promise.all(commits);
    const runs = await watching.query({ text: 'SELECT first_alert AS first, last_alert AS last FROM run ORDER BY 1' });
    expect(runs.rows).toEqual([
      { first: 1, last: 3 },
      { first: 4, last: 6 },
    ]);
  });

  it('never wait for each other in a circle, whatever else is written meanwhile', async () => {
    const target = await take(states[0], { kind: 'target', name: 'soar' });
    const chores = await take(states[1], { kind: 'chores', name: 'chores' });
    const rounds = Array.from({ length: 12 }, (_, at) => `r${at}`);
    const query = { now: target.store.outboxNow() + 1, limit: 9, except: new Set<number>(), ignoreBackoff: true };
    await Promise.all([
      ...tenants.map(async (lease) => {
        for (const round of rounds) {
          await lease.store.quota.beginCall(lease.name, 'graph', { at: START, runMs: 0 });
          await lease.store.commit(commitOf(lease, round, 2));
        }
      }),
      ...rounds.map(async () => {
        const entries = await target.store.pending('soar', query);
        await target.store.delivered(
          entries.map(({ id }) => id),
          START,
        );
      }),
      ...rounds.map(() => chores.store.tidy(START)),
    ]);
    const { rows } = await watching.query({ text: 'SELECT id FROM alert ORDER BY id' });
    expect(rows).toHaveLength(TENANTS.length * rounds.length * 2);
    const { events } = await chores.store.journal({ after: 0, limit: 1000 });
    const runs = events.filter(({ kind }) => kind === 'run').map(({ place }) => place);
    expect(runs).toHaveLength(TENANTS.length * rounds.length);
  });

  it('hand over lists as the database sends them', async () => {
    const lists = [
      ['bigint', binaryList('number', [-1, null, 2 ** 53 - 1])],
      ['double precision', binaryList('real', [0.5, null, -1e300])],
      ['text', binaryList('text', ['', null, 'a "b" \\ {é}, NULL', '🂡'])],
      ['text', binaryList('utf8', [Buffer.from('{"a": "\\u0000"}')])],
      ['bytea', binaryList('bytes', [Buffer.from([0, 255]), null])],
    ] as const;
    const come: unknown[] = [];
    for (const [type, list] of lists) {
      const { rows } = await watching.query({ text: `SELECT unnest($1::${type}[]) AS one`, values: [list] });
      come.push(rows.map((row) => (row as { readonly one: unknown }).one));
    }
    expect(come).toEqual([
      [-1, null, 2 ** 53 - 1],
      [0.5, null, -1e300],
      ['', null, 'a "b" \\ {é}, NULL', '🂡'],
      ['{"a": "\\u0000"}'],
      [Buffer.from([0, 255]), null],
    ]);
  });
});

async function take(state: RunnerState | undefined, name: Parameters<NonNullable<RunnerState['leases']>['take']>[0]) {
  const lease = await state?.leases?.take(name);
  if (!lease) throw new Error(`${name.kind} ${name.name} is not free`);
  return lease;
}

/** All runs have asked the same query. */
function commitOf({ name: tenant, store }: Lease, round: string, many: number): Commit {
  const alerts = Array.from({ length: many }, (_, at) => sampleAlert(`${tenant}-${round}-${at}`, { tenant }));
  const messages = alerts.map((alert) => sampleMessage(alert, 'soar', `${tenant} key`));
  const run = sampleRun(`${tenant}-${round}`, { tenant });
  const query = { hash: 'h', template: 'T' };
  return sampleCommit(store, { tenant, alerts, messages, run, query });
}
