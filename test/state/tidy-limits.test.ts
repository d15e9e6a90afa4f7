import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { DAY_MS } from '../../src/lib/duration.ts';
import { tidyJournal } from '../../src/state/rows/journal/tidy-journal.ts';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { databaseOf } from '../../src/state/sqlite/database.ts';
import { makeLayout } from '../../src/state/sqlite/migrate.ts';
import { createSqlStore } from '../../src/state/sqlite/sql-store.ts';
import { commitAlerts, START, sampleCommit, sampleRun } from './samples.ts';

/** A store whose tables can be counted beside it. */
function open() {
  const connection = openConnection(':memory:');
  makeLayout(connection);
  const clock = createManualClock(START);
  const count = (table: string): number => {
    const [row] = connection.prepare(`SELECT count(*) AS count FROM ${table}`).rows([]);
    return Number((row as { readonly count: number }).count);
  };
  return { connection, clock, count, store: createSqlStore(connection, clock, 0) };
}

const pendingOf = (store: ReturnType<typeof open>['store']) =>
  store.pending('soar', { now: START, limit: 100_000, except: new Set(), ignoreBackoff: true });

describe('tidying', () => {
  it('keeps a delivered alert for 30 days from its delivery on, to the millisecond', async () => {
    const { store, count } = open();
    await commitAlerts(store, ['a1'], ['soar']);
    const [entry] = await pendingOf(store);
    await store.delivered([entry?.id ?? 0], START + DAY_MS);
    await store.tidy(START + 31 * DAY_MS);
    expect([count('outbox'), count('alert')]).toEqual([1, 1]);
    await store.tidy(START + 31 * DAY_MS + 1);
    expect([count('outbox'), count('alert')]).toEqual([0, 0]);
  });

  it('keeps a receipt as long as its alert', async () => {
    const { store, count } = open();
    await commitAlerts(store, ['a1'], ['soar']);
    await store.keepReceipts([{ alertId: 'a1', target: 'soar', text: 'SOC-1', at: START }]);
    const [entry] = await pendingOf(store);
    await store.delivered([entry?.id ?? 0], START + DAY_MS);
    await store.tidy(START + 31 * DAY_MS);
    expect(count('receipt')).toBe(1);
    await store.tidy(START + 31 * DAY_MS + 1);
    expect(count('receipt')).toBe(0);
  });

  it('keeps an alert that nobody is to get for 30 days', async () => {
    const { store, count } = open();
    await commitAlerts(store, ['a1'], []);
    await store.tidy(START + 30 * DAY_MS);
    expect(count('alert')).toBe(1);
    await store.tidy(START + 30 * DAY_MS + 1);
    expect(count('alert')).toBe(0);
  });

  it('keeps what is dead, pending or young, also behind something old', async () => {
    const { store, count, clock } = open();
    await commitAlerts(store, ['old', 'dead', 'pending'], ['soar']);
    const [old, dead] = await pendingOf(store);
    await store.delivered([old?.id ?? 0], START);
    await store.bury([{ id: dead?.id ?? 0, reason: 'r', status: null, answer: '', at: START }]);
    await clock.advance(30 * DAY_MS);
    await commitAlerts(store, ['young'], ['soar']);
    const young = (await pendingOf(store)).find(({ messageId }) => messageId === 'young');
    await store.delivered([young?.id ?? 0], START);
    await store.tidy(START + 40 * DAY_MS);
    expect([count('outbox'), count('alert')]).toEqual([3, 3]);
    await store.drop([dead?.id ?? 0]);
    await store.tidy(START + 40 * DAY_MS);
    expect([count('outbox'), count('alert')]).toEqual([2, 2]);
  });

  it('keeps runs for 30 days, and the last one of each rule for ever', async () => {
    const { store, count } = open();
    const run = (runId: string, ruleId: string, endedAt: number) =>
      store.commit(sampleCommit(store, { ruleId, run: sampleRun(runId, { ruleId, endedAt }) }));
    await run('a-1', 'a', START);
    await run('a-2', 'a', START + 1);
    await run('b-1', 'b', START);
    await run('c-1', 'c', START);
    await run('c-2', 'c', START + DAY_MS);
    await store.tidy(START + 30 * DAY_MS);
    expect(count('run')).toBe(5);
    await store.tidy(START + 30 * DAY_MS + 1);
    expect(count('run')).toBe(3);
    await store.tidy(START + 1000 * DAY_MS);
    const last = await Promise.all(['a', 'b', 'c'].map((ruleId) => store.ruleState('contoso', ruleId)));
    expect(last.map((state) => state?.lastRun?.runId)).toEqual(['a-2', 'b-1', 'c-2']);
  });

  it('keeps calls for two days and quiet times for 400', async () => {
    const { store, count } = open();
    await store.quota.beginCall('contoso', 'graph', { at: START, runMs: 1 });
    const quiet = [{ dedupKey: 'k', openedAt: START, openedBefore: [], held: {} }];
    await store.commit(sampleCommit(store, { quiet }));
    await store.tidy(START + 2 * DAY_MS);
    expect(count('quota_call')).toBe(1);
    await store.tidy(START + 2 * DAY_MS + 1);
    expect([count('quota_call'), count('quiet')]).toEqual([0, 1]);
    await store.tidy(START + 400 * DAY_MS);
    expect(count('quiet')).toBe(1);
    await store.tidy(START + 400 * DAY_MS + 1);
    expect(count('quiet')).toBe(0);
  });

  it('removes more than one transaction takes, and lets others work between two', async () => {
    const { store, count } = open();
    const ids = Array.from({ length: 10_001 }, (_, index) => `a${index}`);
    await commitAlerts(store, ids, []);
    const left: number[] = [];
    const watch = setImmediate(function look() {
      left.push(count('alert'));
      if (count('alert') > 0) setImmediate(look);
    });
    await store.tidy(START + 31 * DAY_MS);
    clearImmediate(watch);
    expect(count('alert')).toBe(0);
    expect(left.filter((one) => one > 0)).toEqual([5001, 1]);
  });

  it('keeps what happened for 30 days, and no more than so many runs, but the last of each rule', async () => {
    const { store, count, clock, connection } = open();
    for (const run of ['r1', 'r2', 'r3'])
      await store.commit(sampleCommit(store, { run: sampleRun(run), query: { hash: run, template: '[]' } }));
    await tidyJournal(databaseOf(connection), START, { runs: 2, entries: 1 });
    expect([count('run'), count('journal'), count('sent_query')]).toEqual([2, 1, 2]);
    await clock.advance(31 * DAY_MS);
    await store.tidy(clock.now());
    expect([count('run'), count('journal'), count('sent_query')]).toEqual([1, 0, 1]);
  });
});

describe('retention', () => {
  it('is as the caller says, for dead letters, too', async () => {
    const { store, count } = open();
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    const [first, second] = await pendingOf(store);
    await store.delivered([first?.id ?? 0], START);
    await store.bury([{ id: second?.id ?? 0, reason: 'no', at: START, status: null, answer: '' }]);
    const keep = { alertsMs: 90 * DAY_MS, runsMs: DAY_MS, deadLettersMs: 60 * DAY_MS, auditMs: 365 * DAY_MS };
    await store.tidy(START + 60 * DAY_MS, keep);
    expect([count('outbox'), count('alert')]).toEqual([2, 2]);
    await store.tidy(START + 60 * DAY_MS + 1, keep);
    expect(count('outbox')).toBe(1);
    await store.tidy(START + 90 * DAY_MS + 1, keep);
    expect([count('outbox'), count('alert')]).toEqual([0, 0]);
  });
});
