import { beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import { DAY_MS } from '../../src/lib/duration.ts';
import type { HealthRecord } from '../../src/state/outbox-store.ts';
import { openConnection } from '../../src/state/sqlite/connection.ts';
import { migrate } from '../../src/state/sqlite/migrate.ts';
import { createSqlStore } from '../../src/state/sqlite/sql-store.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { LedgerEntry, Store } from '../../src/state/store.ts';
import {
  commitAlerts,
  freshTarget,
  NEVER_TOLD,
  SAMPLE_STATE,
  START,
  sampleAlert,
  sampleCommit,
  sampleMessage,
  sampleRetry,
  sampleRun,
} from './samples.ts';

let clock: ManualClock;
let store: Store;

beforeEach(() => {
  clock = createManualClock(START);
  store = openMemoryStore({ clock });
});

async function entries(target = 'soar') {
  const query = { now: store.outboxNow(), limit: 100, except: new Set<number>(), ignoreBackoff: true };
  return store.pending(target, query);
}

async function idsOf(target = 'soar'): Promise<readonly number[]> {
  return (await entries(target)).map(({ id }) => id);
}

async function notesOn(target: string) {
  return (await store.targetNotes([target])).get(target);
}

describe('notes on a target', () => {
  const none = { attempts: 0, reason: null, hasDelivered: false, lastFailure: null, inDigest: 0 };

  it('are none where nothing was tried', async () => {
    await commitAlerts(store, ['a1'], ['soar']);
    expect([await notesOn('soar'), await notesOn('nobody')]).toEqual([none, none]);
  });

  it('tell without a look back what the last one found', async () => {
    await commitAlerts(store, ['a1'], ['soar']);
    await store.delivered(await idsOf(), START);
    const atOnce = async () => (await store.targetNotes(['soar'], false)).get('soar');
    expect(await atOnce()).toEqual({ ...none, hasDelivered: null });
    await notesOn('soar');
    expect(await atOnce()).toEqual({ ...none, hasDelivered: true });
  });

  it('count what waits for a digest, each alert once, until that is told', async () => {
    const alerts = [sampleAlert('a1'), sampleAlert('a1', { revision: 1 }), sampleAlert('a2')];
    const messages = alerts.map((alert) => ({ ...sampleMessage(alert, 'soar'), digestMs: 60_000 }));
    await store.commit(sampleCommit(store, { alerts, messages }));
    expect(await notesOn('soar')).toEqual({ ...none, inDigest: 2 });
    const [due] = await store.dueDigests({ now: store.outboxNow() + 60_000, targets: ['soar'], limit: 9 });
    expect(await notesOn('soar')).toEqual({ ...none, inDigest: 2 });
    if (due) await store.tellDigest(due, sampleAlert('d1'));
    expect(await notesOn('soar')).toEqual(none);
  });

  it('tell of the oldest entry that was tried and waits', async () => {
    await commitAlerts(store, ['a1', 'a2', 'a3'], ['soar', 'siem']);
    const [first = 0, second = 0, third = 0] = await idsOf();
    await store.retryLater([sampleRetry(third, { reason: 'third' })]);
    expect(await notesOn('soar')).toEqual({ ...none, attempts: 1, reason: 'third' });
    await store.retryLater([sampleRetry(second, { reason: 'x' }), sampleRetry(second, { reason: 'second \u0000' })]);
    expect(await notesOn('soar')).toEqual({ ...none, attempts: 2, reason: 'second \ufffd' });
    expect(await notesOn('siem')).toEqual(none);
    await store.bury([{ id: second, reason: 'r', status: 400, answer: '', at: START }]);
    expect(await notesOn('soar')).toEqual({ ...none, attempts: 1, reason: 'third', lastFailure: 'r' });
    await store.delivered([first], START);
    expect(await notesOn('soar')).toEqual({
      ...none,
      attempts: 1,
      reason: 'third',
      hasDelivered: true,
      lastFailure: 'r',
    });
    expect(await notesOn('siem')).toEqual(none);
  });

  it('do not take a dead letter for a delivery', async () => {
    await commitAlerts(store, ['a1'], ['soar']);
    await store.buryPending('soar', { reason: 'r', at: START });
    expect(await notesOn('soar')).toEqual(none);
  });

  it('do so neither when it was dropped, and know that the newest was not taken until one is', async () => {
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    const [first = 0, second = 0] = await idsOf();
    await store.bury([{ id: first, reason: 'the answer was 422', status: 422, answer: '', at: START }]);
    await store.drop([first]);
    expect(await notesOn('soar')).toEqual({ ...none, lastFailure: 'the answer was 422' });
    await store.delivered([second], START);
    expect(await notesOn('soar')).toEqual({ ...none, hasDelivered: true });
  });
});

describe('what was seen of a target', () => {
  it('is remembered, and follows what becomes of it', async () => {
    await commitAlerts(store, ['a1'], ['soar']);
    const [first = 0] = await idsOf();
    await store.bury([{ id: first, reason: 'no', status: 422, answer: '', at: START }]);
    expect(await notesOn('soar')).toMatchObject({ hasDelivered: false, lastFailure: 'no' });
    await store.replay([first], START);
    expect(await notesOn('soar')).toMatchObject({ hasDelivered: false, lastFailure: null });
    await store.delivered([first], START);
    expect(await notesOn('soar')).toMatchObject({ hasDelivered: true, lastFailure: null });
    await commitAlerts(store, ['a2'], ['soar']);
    const [second = 0] = await idsOf();
    await store.bury([{ id: second, reason: 'later', status: 422, answer: '', at: START }]);
    expect(await notesOn('soar')).toMatchObject({ hasDelivered: true, lastFailure: 'later' });
  });

  it('does not make young what waits behind a letter that was replayed', async () => {
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    const [first = 0] = await idsOf();
    await store.bury([{ id: first, reason: 'no', status: 422, answer: '', at: START }]);
    await store.replay([first], START + 60_000);
    expect(await store.targetCounts()).toEqual([{ target: 'soar', pending: 2, oldestAt: START, dead: 0 }]);
  });
});

describe('counts of targets', () => {
  it('are told by name, also where all is dead', async () => {
    await commitAlerts(store, ['a1', 'a2'], ['c', 'b', 'd', 'a']);
    await store.buryPending('a', { reason: 'r', at: START });
    await store.buryPending('d', { reason: 'r', at: START });
    await store.delivered(await idsOf('c'), START);
    expect(await store.targetCounts()).toEqual([
      { target: 'a', pending: 0, oldestAt: null, dead: 2 },
      { target: 'b', pending: 2, oldestAt: START, dead: 0 },
      { target: 'd', pending: 0, oldestAt: null, dead: 2 },
    ]);
  });
});

describe('the state of a target', () => {
  it('is kept in whole milliseconds, and its reason as far as it can be shown', async () => {
    const times = { blockedSince: START, nextProbeAt: START + 0.6, probedAt: START + 1.6, pausedUntil: START + 2.6 };
    await store.setTargetState({ ...freshTarget('soar'), ...times, reason: 'no \u0000', probedMs: 7.6 });
    expect(await store.targetState('soar')).toEqual({
      target: 'soar',
      blockedSince: START,
      nextProbeAt: START + 1,
      probedAt: START + 2,
      pausedUntil: START + 3,
      reason: 'no \ufffd',
      probes: 0,
      probedMs: 8,
      downSince: null,
    });
    expect(await store.targetState('siem')).toEqual(freshTarget('siem'));
  });

  it('is told since when it has taken nothing without a change of anything else', async () => {
    const blocked = { ...freshTarget('soar'), blockedSince: START, reason: 'HTTP 401', probes: 2 };
    await store.setTargetState(blocked);
    await store.setDownSince('soar', START + 1.4);
    await store.setDownSince('siem', START);
    expect(await store.targetState('soar')).toEqual({ ...blocked, downSince: START + 1 });
    expect(await store.targetState('siem')).toEqual({ ...freshTarget('siem'), downSince: START });
  });
});

describe('the time that waits are kept with', () => {
  const replayedAt = async (write: () => Promise<unknown>): Promise<number | null> => {
    await commitAlerts(store, ['a1'], ['dead']);
    await store.bury([{ id: (await idsOf('dead'))[0] ?? 0, reason: 'r', status: 400, answer: '', at: START }]);
    await clock.advance(1000);
    await write();
    await clock.advance(1000);
    await store.replay([1], clock.now());
    return store.nextDue('dead', 0);
  };

  it.each<[string, () => Promise<unknown>]>([
    ['a state of a target', () => store.setTargetState(freshTarget('soar'))],
    ['an attempt', () => store.retryLater([sampleRetry(99)])],
    ['an alert', () => commitAlerts(store, ['a2'], ['soar'])],
  ])('is written with %s', async (_, write) => {
    expect(await replayedAt(write)).toBe(START + 1000);
  });

  it('is our own where none was written yet, as in a state of the first release', async () => {
    const connection = openConnection(':memory:');
    migrate(connection);
    store = createSqlStore(connection, clock, 0);
    const forget = async () => connection.script("DELETE FROM meta WHERE name = 'outbox-time'");
    expect(await replayedAt(forget)).toBe(START + 2000);
  });

  it('is not moved by what does not wait', async () => {
    expect(await replayedAt(() => store.delivered([99], START))).toBe(START);
  });

  it('is in whole milliseconds', async () => {
    await commitAlerts(store, ['a1'], ['soar']);
    const [id = 0] = await idsOf();
    await store.retryLater([sampleRetry(id, { nextAttemptAt: START + 0.6, agedMs: 1.6 })]);
    expect([await store.nextDue('soar', 0), (await entries())[0]?.agedMs]).toEqual([START + 1, 2]);
  });
});

describe('health conditions', () => {
  const opened: readonly HealthRecord[] = [
    { tenant: 'contoso', code: 'gap', subject: 'a', since: START, alertId: 'h1', revision: 0 },
    { tenant: 'contoso', code: 'truncated', subject: 'a', since: START + 2, alertId: 'h2', revision: 0 },
    { tenant: 'contoso', code: 'gap', subject: 'b \u0000', since: START + 1, alertId: 'h3', revision: 0 },
    { tenant: 'fabrikam', code: 'gap', subject: 'c', since: START + 1, alertId: 'h4', revision: 0 },
  ];
  const save = (records: readonly HealthRecord[]) =>
    store.commitHealth({ alerts: [], messages: [], health: records.map((record) => ({ ...record, record })) });
  const ids = async () => (await store.openHealth()).map(({ alertId }) => alertId);

  it('are told oldest first, then by their subject', async () => {
    await save(opened);
    expect(await ids()).toEqual(['h1', 'h3', 'h4', 'h2']);
    expect(await store.openHealth()).toContainEqual(opened[2]);
  });

  it.each(opened)(
    'of one tenant, code and subject begin anew, and end, apart from the others: $alertId',
    async (one) => {
      await save(opened);
      await save([{ ...one, alertId: 'new', since: START + 9, revision: 3 }]);
      expect([...(await ids())].sort()).toEqual([
        ...opened.filter((other) => other !== one).map(({ alertId }) => alertId),
        'new',
      ]);
      await store.commitHealth({ alerts: [], messages: [], health: [{ ...one, record: null }] });
      expect([...(await ids())].sort()).toEqual(opened.filter((other) => other !== one).map(({ alertId }) => alertId));
    },
  );
});

describe('what is remembered of rules', () => {
  const key = 'a'.repeat(32);
  const memory = { ...NEVER_TOLD, key, state: 'told', lastReturned: START } as const;
  const quiet = { dedupKey: 'd', openedAt: START, openedBefore: [START - 9, START - 5], held: { quiet: 3 } };

  it('is nothing of one that never ran', async () => {
    await store.commit(sampleCommit(store, { keys: [memory], quiet: [quiet] }));
    for (const [tenant, rule] of [
      ['contoso', 'rule-b'],
      ['fabrikam', 'rule-a'],
    ] as const) {
      expect(await store.findKeys(tenant, rule, [key])).toEqual(new Map());
      expect(await store.findQuiet(tenant, rule, ['d'])).toEqual(new Map());
      await store.cutMemory(tenant, rule, 0);
    }
    expect((await store.findKeys('contoso', 'rule-a', [key])).get(key)).toEqual(memory);
    expect(await store.findQuiet('contoso', 'rule-a', ['d', 'e'])).toEqual(new Map([['d', quiet]]));
  });

  it('is what was written last', async () => {
    const told = {
      ...memory,
      toldTo: START,
      toldBefore: [1, 2],
      heldTo: START + 1,
      heldNewest: '7',
      heldBefore: [],
      lastReturned: 8,
    };
    const later = { dedupKey: 'd', openedAt: START + 5, openedBefore: [], held: {} };
    await store.commit(sampleCommit(store, { keys: [told], quiet: [quiet] }));
    expect((await store.findKeys('contoso', 'rule-a', [key])).get(key)).toEqual(told);
    await store.commit(sampleCommit(store, { keys: [memory], quiet: [later], run: sampleRun('run-2') }));
    expect((await store.findKeys('contoso', 'rule-a', [key])).get(key)).toEqual(memory);
    expect((await store.findQuiet('contoso', 'rule-a', ['d'])).get('d')).toEqual(later);
  });

  it('is all of the ledger, in the order of its beginnings, with its reasons as far as they can be shown', async () => {
    const entry = (id: string, from: number, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
      id,
      from,
      to: from + 10,
      logicalTime: from + 20,
      attempts: 2,
      outcome: 'pending',
      reason: null,
      ...over,
    });
    const ledger = [
      entry('b', 5, { failedAt: START }),
      entry('a', 5, { reason: 'no' }),
      entry('c', 6, { outcome: 'gap' }),
    ];
    const commit = (entries: readonly LedgerEntry[], runId: string) =>
      store.commit(sampleCommit(store, { rule: { ...SAMPLE_STATE, ledger: entries }, run: sampleRun(runId) }));
    const read = async () => (await store.ruleState('contoso', 'rule-a'))?.ledger;
    await commit(ledger, 'run-1');
    await store.commit(
      sampleCommit(store, { ruleId: 'rule-b', rule: { ...SAMPLE_STATE, ledger }, run: sampleRun('r') }),
    );
    expect(await read()).toStrictEqual(ledger);
    const rested = entry('b', 5, { reason: 'null \u0000', attempts: 3 });
    await commit([rested], 'run-2');
    expect(await read()).toStrictEqual([{ ...rested, reason: 'null \ufffd' }]);
    await commit([], 'run-3');
    expect(await read()).toStrictEqual([]);
    expect((await store.ruleState('contoso', 'rule-b'))?.ledger).toStrictEqual(ledger);
  });

  it('is of the last run all that was recorded', async () => {
    const run = sampleRun('run-1', {
      lane: 'backlog',
      toldHits: 5,
      hits: 9,
      reasons: { new: 5, known: 4 },
      rowReasons: { new: 7, known: 5 },
      window: null,
      error: { code: 'SOURCE_SERVER', message: 'down' },
      outcome: 'failed',
      truncated: true,
    });
    await store.commit(sampleCommit(store, { run }));
    expect((await store.ruleState('contoso', 'rule-a'))?.lastRun).toStrictEqual(run);
  });

  it('is told in the order of tenants and rules, each with its last run', async () => {
    for (const [tenant, ruleId] of [
      ['fabrikam', 'a'],
      ['contoso', 'b'],
      ['contoso', 'a'],
    ] as const)
      await store.commit(sampleCommit(store, { tenant, ruleId, run: sampleRun(`${tenant}-${ruleId}`) }));
    const states = await store.ruleStates();
    expect(states.map(({ tenant, ruleId, state }) => [tenant, ruleId, state.lastRun?.runId])).toEqual([
      ['contoso', 'a', 'contoso-a'],
      ['contoso', 'b', 'contoso-b'],
      ['fabrikam', 'a', 'fabrikam-a'],
    ]);
    expect(states[0]?.state).toEqual({ ...SAMPLE_STATE, lastRun: sampleRun('contoso-a', { ruleId: 'a' }) });
  });
});

describe('alerts that are committed again', () => {
  it('beside new ones leave each message its own alert', async () => {
    const alerts = ['a', 'b', 'c'].map((id) => sampleAlert(id));
    const to = (target: string, ones: typeof alerts) => ones.map((alert) => sampleMessage(alert, target));
    await store.commit(sampleCommit(store, { alerts: alerts.slice(1, 2), messages: to('soar', alerts.slice(1, 2)) }));
    await store.commit(sampleCommit(store, { alerts, messages: [...to('soar', alerts), ...to('siem', alerts)] }));
    const told = async (target: string) => (await entries(target)).map(({ messageId, alert }) => [messageId, alert.id]);
    expect(await told('siem')).toEqual(['a', 'b', 'c'].map((id) => [id, id]));
    expect(await told('soar')).toEqual(['b', 'a', 'c'].map((id) => [id, id]));
  });

  it('in another revision are others', async () => {
    const [first, second] = [sampleAlert('a'), sampleAlert('a', { revision: 1, status: 'resolved' })];
    const messages = [first, second].map((alert) => sampleMessage(alert, 'soar'));
    await store.commit(sampleCommit(store, { alerts: [first], messages: messages.slice(0, 1) }));
    await store.commit(sampleCommit(store, { alerts: [second], messages }));
    expect((await entries()).map(({ alert }) => alert.revision)).toEqual([0]);
    await store.delivered(await idsOf(), START);
    expect((await entries()).map(({ alert }) => [alert.revision, alert.status])).toEqual([[1, 'resolved']]);
  });

  it('need an alert for each message', async () => {
    const lost = sampleMessage(sampleAlert('lost'), 'soar');
    await expect(store.commit(sampleCommit(store, { messages: [lost] }))).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('has no alert'),
    });
  });
});

describe('a dead letter', () => {
  it('that is replayed goes before what came behind it', async () => {
    await commitAlerts(store, ['a1', 'a2'], ['soar'], 'key');
    const [first = 0] = await idsOf();
    await store.bury([{ id: first, reason: 'r', status: 400, answer: '', at: START }]);
    expect((await entries()).map(({ messageId }) => messageId)).toEqual(['a2']);
    await store.replay([first], START);
    expect((await entries()).map(({ messageId }) => messageId)).toEqual(['a1']);
    const [again] = await entries();
    expect(again).toMatchObject({ attempts: 0, firstAttemptAt: null, agedMs: 0, triedAt: null, probedFrom: null });
  });

  it('is told with its first and last attempt, where there were some', async () => {
    await commitAlerts(store, ['a1', 'a2'], ['soar']);
    const [id = 0] = await idsOf();
    await store.retryLater([sampleRetry(id, { at: START + 5 })]);
    await store.buryPending('soar', { reason: 'gone \u0000', at: START + 9 });
    const letters = await store.deadLetters({ target: null, ids: null });
    expect(letters.map(({ firstAt, lastAt, attempts }) => [firstAt, lastAt, attempts])).toEqual([
      [START + 5, START + 9, 1],
      [START, START + 9, 0],
    ]);
    expect(letters[0]).toMatchObject({ reason: 'gone \ufffd', status: null, answer: '' });
  });

  it('of another target stays where one target’s are taken', async () => {
    await commitAlerts(store, ['a1'], ['soar', 'siem']);
    await store.delivered(await idsOf('siem'), START);
    expect(await store.buryPending('siem', { reason: 'r', at: START })).toBe(0);
    expect(await idsOf()).toHaveLength(1);
  });
});

describe('the meter', () => {
  it('keeps calls in the order of their times, in whole milliseconds, each by its number', async () => {
    const begin = (at: number) => store.quota.beginCall('contoso', 'graph', { at, runMs: 0 });
    const [late, early, same] = [await begin(START + 4.6), await begin(START + 1), await begin(START + 5)];
    await store.quota.endCall(late, 1);
    await store.quota.endCall(early, 2);
    await store.quota.endCall(same, 3);
    const calls = await store.quota.calls('contoso', 'graph', 0);
    expect(calls.map(({ at, runMs }) => [at - START, runMs])).toEqual([
      [1, 2],
      [5, 1],
      [5, 3],
    ]);
    expect(await store.quota.calls('fabrikam', 'graph', 0)).toEqual([]);
  });

  it('keeps a pause whole: never shorter than it was', async () => {
    await store.quota.pause('contoso', 'graph', { remainedMs: 99.1, writtenAt: START + 0.6 });
    expect(await store.quota.pauseOf('contoso', 'graph')).toEqual({ remainedMs: 100, writtenAt: START + 1 });
    expect(await store.quota.pauseOf('fabrikam', 'graph')).toBeNull();
  });
});

describe('the runner', () => {
  it('is the one that said so last', async () => {
    expect(await store.runner()).toBeNull();
    const runner = { verb: 'run', pid: 1, machine: 'm', version: '1', startedAt: START, endedAt: null, rules: [] };
    await store.noteRunner(runner);
    await store.noteRunner({ ...runner, endedAt: START + DAY_MS });
    expect(await store.runner()).toEqual({ ...runner, endedAt: START + DAY_MS });
  });
});
