import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../src/alerts/alert.ts';
import type { KeyMemory } from '../../src/alerts/memory.ts';
import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import { DAY_MS, MINUTE_MS } from '../../src/lib/duration.ts';
import type { AlertQuery } from '../../src/state/alert-page.ts';
import type { Way } from '../../src/state/detour-store.ts';
import type { Happening } from '../../src/state/journal-store.ts';
import type { HealthCommit, OutboxEntry } from '../../src/state/outbox-store.ts';
import type { RunRecord } from '../../src/state/run-record.ts';
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
} from '../state/samples.ts';

export interface StoreMaker {
  open(clock: ManualClock): Promise<Store>;
  /** Called once the store is closed. */
  clean(): Promise<void>;
}

const keyOf = (number: number): string => number.toString(16).padStart(32, '0');

/** What every store does, whatever it is made of. */
export function describeStore(name: string, make: () => StoreMaker): void {
  describe(`a ${name} store`, () => {
    let clock: ManualClock;
    let maker: StoreMaker;
    let store: Store;

    beforeEach(async () => {
      clock = createManualClock(START);
      maker = make();
      store = await maker.open(clock);
    });

    afterEach(async () => {
      await store.close();
      await maker.clean();
    });

    const pending = (target: string, over: Partial<Parameters<Store['pending']>[1]> = {}) =>
      store.pending(target, { now: clock.now(), limit: 100, except: new Set(), ignoreBackoff: false, ...over });
    const only = async (target: string): Promise<OutboxEntry> => {
      const [entry, ...rest] = await pending(target);
      if (!entry || rest.length > 0) throw new Error(`expected one entry for ${target}`);
      return entry;
    };

    describe('rule states', () => {
      it('knows nothing of a rule that never ran', async () => {
        expect(await store.ruleState('contoso', 'rule-a')).toBeNull();
        expect(await store.ruleStates()).toEqual([]);
      });

      it('gives back what a commit left, with its run as the last one', async () => {
        const ledger: LedgerEntry[] = [
          {
            id: 'w1',
            from: START - 10,
            to: START,
            logicalTime: START,
            attempts: 2,
            outcome: 'pending',
            reason: 'HTTP 504',
          },
          { id: 'w2', from: START, to: START + 10, logicalTime: START + 10, attempts: 0, outcome: 'gap', reason: null },
        ];
        const lastError = { code: 'SOURCE_TIMEOUT' as const, message: 'too slow \u0000 "quoted"' };
        const rule = {
          ...SAMPLE_STATE,
          ledger,
          sliceMs: 60_000,
          standing: 'failing' as const,
          failures: 3,
          lastError,
        };
        const run = sampleRun('run-9', { outcome: 'failed', error: lastError });
        await store.commit(sampleCommit(store, { rule, run }));
        expect(await store.ruleState('contoso', 'rule-a')).toEqual({ ...rule, lastRun: run });
      });

      it('reads the runs that an earlier version recorded, which did not say why hits became what they became', async () => {
        const {
          lane: _lane,
          toldHits: _told,
          reasons: _reasons,
          rowReasons: _rows,
          ...old
        } = sampleRun('run-1', { hits: 3 });
        await store.commit(sampleCommit(store, { run: old as RunRecord }));
        const lastRun = (await store.ruleState('contoso', 'rule-a'))?.lastRun;
        expect(lastRun).toEqual({ ...old, lane: 'due', toldHits: 2, reasons: {}, rowReasons: {} });
      });

      it('replaces the ledger by each commit, oldest window first', async () => {
        const entry = (id: string, from: number): LedgerEntry => ({
          id,
          from,
          to: from + 10,
          logicalTime: from + 10,
          attempts: 1,
          outcome: 'pending',
          reason: null,
        });
        const commit = (ledger: LedgerEntry[], runId: string) =>
          store.commit(sampleCommit(store, { rule: { ...SAMPLE_STATE, ledger }, run: sampleRun(runId) }));
        await commit([entry('a', 10), entry('b', 20)], 'run-1');
        const changed = { ...entry('b', 20), attempts: 2 };
        await commit([changed, entry('c', 5)], 'run-2');
        expect((await store.ruleState('contoso', 'rule-a'))?.ledger).toEqual([entry('c', 5), changed]);
      });

      it('keeps rules of one id in two tenants apart', async () => {
        await store.commit(sampleCommit(store, { rule: { ...SAMPLE_STATE, frontier: 1 } }));
        const other = { ...SAMPLE_STATE, frontier: 2 };
        await store.commit(sampleCommit(store, { tenant: 'fabrikam', rule: other, run: sampleRun('run-2') }));
        const states = await store.ruleStates();
        expect(states.map((one) => [one.tenant, one.ruleId, one.state.frontier])).toEqual([
          ['contoso', 'rule-a', 1],
          ['fabrikam', 'rule-a', 2],
        ]);
      });

      it('moves all of a rule to another id, once, and never onto one that has a state', async () => {
        const keys = [{ key: keyOf(1), ...NEVER_TOLD, state: 'told', lastReturned: START } as const];
        await store.commit(sampleCommit(store, { keys }));
        await store.commit(sampleCommit(store, { ruleId: 'rule-b', run: sampleRun('run-2') }));
        const state = await store.ruleState('contoso', 'rule-a');
        expect(await store.moveRule('contoso', { from: 'rule-a', to: 'rule-b' })).toBe(false);
        expect(await store.moveRule('contoso', { from: 'rule-c', to: 'rule-d' })).toBe(false);
        expect(await store.moveRule('fabrikam', { from: 'rule-a', to: 'rule-d' })).toBe(false);
        expect(await store.moveRule('contoso', { from: 'rule-a', to: 'rule-d' })).toBe(true);
        expect(await store.ruleState('contoso', 'rule-a')).toBeNull();
        expect((await store.ruleState('contoso', 'rule-d'))?.frontier).toBe(state?.frontier);
        expect([...(await store.findKeys('contoso', 'rule-d', [keyOf(1)])).keys()]).toEqual([keyOf(1)]);
        expect(await store.moveRule('contoso', { from: 'rule-a', to: 'rule-d' })).toBe(false);
      });
    });

    describe('keys and quiet times', () => {
      const record = (key: number, over: Partial<KeyMemory> = {}): KeyMemory => ({
        key: keyOf(key),
        state: 'told',
        ...NEVER_TOLD,
        lastReturned: START,
        ...over,
      });

      it('finds the known ones among those asked for', async () => {
        const newest = '2026-01-01T11:59:59.1234567Z';
        const heldBefore = [
          { from: START - 99, to: START - 50, newest },
          { from: START - 40, to: START - 20, newest: null },
        ];
        const held = { heldTo: START - 7, heldNewest: newest, heldBefore };
        const keys = [
          record(1),
          record(2, { state: 'excepted', toldTo: START + 5, toldBefore: [START - 9, START - 4], ...held }),
        ];
        await store.commit(sampleCommit(store, { keys }));
        const found = await store.findKeys('contoso', 'rule-a', [keyOf(2), keyOf(3), keyOf(1)]);
        expect(new Map([...found].sort())).toEqual(new Map(keys.map((key) => [key.key, key])));
        expect(await store.findKeys('contoso', 'rule-b', [keyOf(1)])).toEqual(new Map());
        expect(await store.findKeys('fabrikam', 'rule-a', [keyOf(1)])).toEqual(new Map());
      });

      it('finds each of thousands of keys', async () => {
        const keys = Array.from({ length: 2345 }, (_, index) => record(index));
        await store.commit(sampleCommit(store, { keys }));
        const asked = Array.from({ length: 3000 }, (_, index) => keyOf(index));
        const found = await store.findKeys('contoso', 'rule-a', asked);
        expect([...found.keys()].sort()).toEqual(keys.map((key) => key.key));
      });

      it('overwrites a key that comes again', async () => {
        await store.commit(sampleCommit(store, { keys: [record(1, { state: 'quiet' })] }));
        const again = record(1, { toldTo: START + 9, lastReturned: START + 9 });
        await store.commit(sampleCommit(store, { keys: [again], run: sampleRun('run-2') }));
        expect((await store.findKeys('contoso', 'rule-a', [keyOf(1)])).get(keyOf(1))).toEqual(again);
      });

      it('forgets only keys of this rule that were last returned before the given time', async () => {
        const keys = [record(1, { lastReturned: START - 2 }), record(2, { lastReturned: START - 1 })];
        await store.commit(sampleCommit(store, { keys }));
        await store.commit(sampleCommit(store, { ruleId: 'rule-b', keys, run: sampleRun('run-2') }));
        await store.commit(sampleCommit(store, { forgetBefore: START - 1, run: sampleRun('run-3') }));
        const all = keys.map((key) => key.key);
        expect([...(await store.findKeys('contoso', 'rule-a', all)).keys()]).toEqual([keyOf(2)]);
        expect((await store.findKeys('contoso', 'rule-b', all)).size).toBe(2);
      });

      it('keeps quiet times under keys of any text', async () => {
        const quiet = ['plain', 'with \u0000 and "quotes"', '\ud800 half a pair', 'Ω'].map((dedupKey, index) => ({
          dedupKey,
          openedAt: START + index,
          openedBefore: index === 2 ? [START - 20, START - 10] : [],
          ...(index === 2 && { endedAt: START - 5 }),
          held: index === 0 ? {} : { quiet: index, overflow: 1 },
        }));
        await store.commit(sampleCommit(store, { quiet }));
        const found = await store.findQuiet('contoso', 'rule-a', [...quiet.map((one) => one.dedupKey), 'with ']);
        expect(new Map(found)).toEqual(new Map(quiet.map((one) => [one.dedupKey, one])));
      });
    });

    describe('the commit', () => {
      it('refuses another fence and leaves nothing of it', async () => {
        const alert = sampleAlert('a1');
        const commit = sampleCommit(store, {
          fence: store.fence + 1,
          keys: [{ key: keyOf(1), ...NEVER_TOLD, state: 'told', lastReturned: START }],
          alerts: [alert],
          messages: [sampleMessage(alert, 'soar')],
        });
        await expect(store.commit(commit)).rejects.toMatchObject({ code: 'STATE_FENCED', retryable: false });
        expect(await store.ruleState('contoso', 'rule-a')).toBeNull();
        expect(await pending('soar')).toEqual([]);
      });

      it('leaves nothing of a commit whose last part fails', async () => {
        const alert = sampleAlert('a1');
        const messages = [sampleMessage(alert, 'soar'), sampleMessage(sampleAlert('missing'), 'soar')];
        const keys: KeyMemory[] = [{ key: keyOf(1), ...NEVER_TOLD, state: 'told', lastReturned: START }];
        const commit = store.commit(sampleCommit(store, { keys, alerts: [alert], messages }));
        await expect(commit).rejects.toMatchObject({ code: 'INTERNAL' });
        expect(await store.findKeys('contoso', 'rule-a', [keyOf(1)])).toEqual(new Map());
        expect(await pending('soar')).toEqual([]);
      });

      it('is harmless when repeated, before and after the delivery', async () => {
        await commitAlerts(store, ['a1'], ['soar', 'siem']);
        await commitAlerts(store, ['a1'], ['soar', 'siem']);
        const entry = await only('soar');
        await store.delivered([entry.id], clock.now());
        await commitAlerts(store, ['a1'], ['soar', 'siem']);
        expect(await pending('soar')).toEqual([]);
        expect(await pending('siem')).toHaveLength(1);
      });

      it('gives a later message of a stored alert its document', async () => {
        await commitAlerts(store, ['a1'], ['soar']);
        const alert = sampleAlert('a1');
        await store.commitHealth({ alerts: [], messages: [sampleMessage(alert, 'siem')], health: [] });
        expect((await only('siem')).alert).toEqual(alert);
      });

      it('returns an alert exactly as it was committed', async () => {
        const details = { zero: '\u0000', half: '\ud800', big: '9007199254740993', ['__proto__']: [1, { a: null }] };
        const alert = sampleAlert('a1', { revision: 3, details, title: '\u2028 "t" \ud83d\ude00' });
        const messages = [sampleMessage(alert, 'soar', 'key \u0000 1')];
        await store.commit(sampleCommit(store, { alerts: [alert], messages }));
        const entry = await only('soar');
        expect(entry.alert).toEqual(alert);
        expect(JSON.stringify(entry.alert)).toBe(entry.text);
        expect(entry.characters).toBe(JSON.stringify(alert).length);
        expect(entry).toEqual({
          id: expect.any(Number),
          messageId: 'a1-3',
          target: 'soar',
          orderKey: 'key \u0000 1',
          attempts: 0,
          createdAt: START,
          firstAttemptAt: null,
          agedMs: 0,
          triedAt: null,
          probedFrom: null,
          receipt: null,
          text: JSON.stringify(alert),
        });
      });
    });

    describe('health', () => {
      const record = { tenant: 'contoso', code: 'rule-failing' as const, subject: 'rule-a', since: START };

      it('opens, updates and closes conditions with the commit that tells them', async () => {
        const opened = { ...record, alertId: 'h1', revision: 0 };
        await store.commit(sampleCommit(store, { health: [{ ...record, record: opened }] }));
        expect(await store.openHealth()).toEqual([opened]);
        const updated = { ...opened, revision: 1 };
        await store.commitHealth({ alerts: [], messages: [], health: [{ ...record, record: updated }] });
        expect(await store.openHealth()).toEqual([updated]);
        await store.commitHealth({ alerts: [], messages: [], health: [{ ...record, record: null }] });
        expect(await store.openHealth()).toEqual([]);
      });
    });

    describe('the outbox', () => {
      it('hands out the oldest entry of each order key, oldest first', async () => {
        await commitAlerts(store, ['a1', 'a2'], ['soar'], 'key-1');
        await commitAlerts(store, ['b1'], ['soar'], 'key-2');
        expect((await pending('soar')).map((entry) => entry.messageId)).toEqual(['a1', 'b1']);
        const [first] = await pending('soar');
        await store.delivered([first?.id ?? 0], clock.now());
        expect((await pending('soar')).map((entry) => entry.messageId)).toEqual(['a2', 'b1']);
      });

      it('hands a receipt out with later messages of the same alert to the same target, the newest one', async () => {
        const later = sampleAlert('a1', { revision: 1 });
        await commitAlerts(store, ['a1'], ['soar', 'siem']);
        const receipt = { alertId: 'a1', target: 'soar', at: START };
        expect(await store.receiptOf('a1', 'soar')).toBeNull();
        await store.keepReceipts([
          { ...receipt, text: 'SOC-1' },
          { ...receipt, text: 'SOC-2 \u0000 \ud800' },
        ]);
        await store.delivered([(await only('soar')).id, (await only('siem')).id], START);
        const messages = ['soar', 'siem'].map((target) => sampleMessage(later, target));
        await store.commitHealth({ alerts: [later], messages, health: [] });
        expect((await only('soar')).receipt).toBe('SOC-2 \u0000 \ud800');
        expect((await only('siem')).receipt).toBeNull();
        const asked = [store.receiptOf('a1', 'soar'), store.receiptOf('a1', 'siem'), store.receiptOf('a2', 'soar')];
        expect(await Promise.all(asked)).toEqual(['SOC-2 \u0000 \ud800', null, null]);
        await commitAlerts(store, ['a2'], ['soar']);
        expect((await pending('soar')).map((entry) => entry.receipt)).toEqual(['SOC-2 \u0000 \ud800', null]);
      });

      it('tells which alerts last at a target: the latest message was taken and says that they fire', async () => {
        const at = { since: START, limit: 10 };
        const lasting = async (query = at) =>
          (await store.lasting('soar', query)).map(({ messageId, receipt }) => [messageId, receipt]);
        const commit = (alerts: readonly Alert[], health: HealthCommit['health'] = []) =>
          store.commitHealth({ alerts, messages: alerts.map((alert) => sampleMessage(alert, 'soar')), health });
        const take = async () => {
          for (let ids = [0]; ids.length > 0; ) {
            ids = (await pending('soar')).map(({ id }) => id);
            await store.delivered(ids, START);
          }
        };
        await commitAlerts(store, ['a1', 'a2', 'a3', 'a4'], ['soar', 'siem']);
        expect(await lasting()).toEqual([]);
        await store.keepReceipts([{ alertId: 'a1', target: 'soar', text: 'high', at: START }]);
        await take();
        await commit([
          sampleAlert('a2', { revision: 1 }),
          sampleAlert('a3', { revision: 1, status: 'resolved' }),
          sampleAlert('a5', { severity: 'low' }),
        ]);
        const a5 = (await pending('soar')).find(({ messageId }) => messageId === 'a5');
        await store.bury([{ id: a5?.id ?? 0, reason: 'no', status: 400, answer: 'no', at: START }]);
        expect(await lasting()).toEqual([
          ['a4', null],
          ['a1', 'high'],
        ]);
        await take();
        expect((await lasting()).map(([id]) => id)).toEqual(['a2-1', 'a4', 'a1']);
        expect((await lasting({ ...at, limit: 1 })).map(([id]) => id)).toEqual(['a2-1']);
        const about = { tenant: 'contoso', code: 'gap' as const, subject: 'rule-a' };
        await commit([], [{ ...about, record: { ...about, since: START, alertId: 'a1', revision: 0 } }]);
        expect((await lasting({ ...at, since: clock.now() + 1 })).map(([id]) => id)).toEqual(['a1']);
      });

      it('never hands out a follower while its predecessor is held or backs off', async () => {
        await commitAlerts(store, ['a1', 'a2'], ['soar'], 'key-1');
        const head = await only('soar');
        expect(await pending('soar', { except: new Set([head.id]) })).toEqual([]);
        await store.retryLater([sampleRetry(head.id, { nextAttemptAt: START + 5000 })]);
        expect(await pending('soar')).toEqual([]);
        expect((await pending('soar', { ignoreBackoff: true })).map((entry) => entry.id)).toEqual([head.id]);
      });

      describe('what stands behind entries that are held', () => {
        const look = (over: Partial<Parameters<Store['successors']>[1]> = {}) =>
          store.successors('soar', {
            now: clock.now(),
            limit: 100,
            after: 0,
            held: new Set(),
            tails: new Set(),
            ignoreBackoff: false,
            ...over,
          });
        const idsOf = (entries: readonly OutboxEntry[]) => entries.map(({ messageId }) => messageId);

        it('comes in its order, each behind the one before, of the order keys that are asked for', async () => {
          await commitAlerts(store, ['a1', 'a2'], ['soar', 'siem'], 'key-1');
          await commitAlerts(store, ['b1', 'b2'], ['soar'], 'key-2');
          await commitAlerts(store, ['a3'], ['soar'], 'key-1');
          const [a1, b1] = (await pending('soar')).map(({ id }) => id);
          const tails = new Set([a1 ?? 0]);
          const found = await look({ tails, held: new Set([a1 ?? 0, b1 ?? 0]) });
          expect([idsOf(found.entries), found.hasMore, found.passedOver]).toEqual([['a2', 'a3'], false, true]);
          expect(found.lookedTo).toBe(found.entries[1]?.id);
          const [a2, a3] = found.entries;
          const held = new Set([a1 ?? 0, a2?.id ?? 0, a3?.id ?? 0]);
          expect(await look({ tails, held, after: found.lookedTo })).toEqual({
            entries: [],
            lookedTo: found.lookedTo,
            hasMore: false,
            passedOver: false,
          });
          expect(idsOf((await look({ tails, limit: 1 })).entries)).toEqual(['a2']);
          expect((await look({ tails, limit: 1 })).hasMore).toBe(true);
          expect(idsOf((await look({ tails: new Set([a2?.id ?? 0]), after: a2?.id ?? 0 })).entries)).toEqual(['a3']);
          expect(idsOf((await look({ tails: new Set([a2?.id ?? 0]), held: new Set([a2?.id ?? 0]) })).entries)).toEqual([
            'a3',
          ]);
        });

        it('ends before one that is not due, unless that does not matter', async () => {
          await commitAlerts(store, ['a1', 'a2', 'a3'], ['soar'], 'key-1');
          const head = await only('soar');
          const tails = new Set([head.id]);
          const second = (await look({ tails })).entries[0]?.id ?? 0;
          await store.retryLater([sampleRetry(second, { nextAttemptAt: START + 5000 })]);
          expect([(await look({ tails })).entries, (await look({ tails })).passedOver]).toEqual([[], true]);
          expect(idsOf((await look({ tails, ignoreBackoff: true })).entries)).toEqual(['a2', 'a3']);
          await store.delivered([head.id], START);
          expect((await look({ tails })).entries).toEqual([]);
        });
      });

      it('keeps to the limit beyond the held entries', async () => {
        const ids = Array.from({ length: 12 }, (_, index) => `a${index + 10}`);
        await commitAlerts(store, ids, ['soar']);
        const held = new Set((await pending('soar', { limit: 5 })).map((entry) => entry.id));
        const rest = await pending('soar', { limit: 5, except: held });
        expect(rest.map((entry) => entry.messageId)).toEqual(ids.slice(5, 10));
      });

      it('counts attempts and remembers the first one', async () => {
        await commitAlerts(store, ['a1'], ['soar']);
        const { id } = await only('soar');
        await store.retryLater([sampleRetry(id, { nextAttemptAt: START + 10, at: START + 1 })]);
        await store.retryLater([
          sampleRetry(id, { nextAttemptAt: START + 20, triedAt: START + 11, agedMs: 10, at: START + 11 }),
        ]);
        await clock.advance(20);
        expect(await only('soar')).toMatchObject({
          attempts: 2,
          firstAttemptAt: START + 1,
          triedAt: START + 11,
          agedMs: 10,
        });
      });

      it('tells when the next entry falls due', async () => {
        expect(await store.nextDue('soar', 0)).toBeNull();
        await commitAlerts(store, ['a1', 'a2'], ['soar']);
        const [first, second] = await pending('soar');
        expect(await store.nextDue('soar', START - 1)).toBe(START);
        await store.retryLater([
          sampleRetry(first?.id ?? 0, { nextAttemptAt: START + 70 }),
          sampleRetry(second?.id ?? 0, { nextAttemptAt: START + 50.4 }),
        ]);
        expect(await store.nextDue('soar', START)).toBe(START + 50);
        expect(await store.nextDue('soar', START + 50)).toBe(START + 70);
        expect(await store.nextDue('soar', START + 70)).toBeNull();
      });

      it('ignores results of entries that are finished already', async () => {
        await commitAlerts(store, ['a1'], ['soar']);
        const { id } = await only('soar');
        await store.delivered([id, id], clock.now());
        await store.bury([{ id, reason: 'late', status: 400, answer: '', at: START }]);
        await store.retryLater([sampleRetry(id, { reason: 'late' })]);
        expect(await store.deadLetters({ target: null, ids: null })).toEqual([]);
        expect(await pending('soar')).toEqual([]);
      });

      it('counts per target', async () => {
        await commitAlerts(store, ['a1', 'a2', 'a3'], ['soar', 'siem']);
        await clock.advance(1000);
        await commitAlerts(store, ['a4'], ['soar']);
        const [first, second] = await pending('siem');
        await store.bury([{ id: first?.id ?? 0, reason: 'r', status: 400, answer: '', at: START }]);
        await store.delivered([second?.id ?? 0], START);
        expect(await store.targetCounts()).toEqual([
          { target: 'siem', pending: 1, oldestAt: START, dead: 1 },
          { target: 'soar', pending: 4, oldestAt: START, dead: 0 },
        ]);
        expect(await store.deadCounts()).toEqual(new Map([['siem', 1]]));
        expect([...(await store.pendingTargets())].sort()).toEqual(['siem', 'soar']);
      });

      it('keeps the state of a target', async () => {
        const open = freshTarget('soar');
        expect(await store.targetState('soar')).toEqual(open);
        const times = {
          blockedSince: START,
          nextProbeAt: START + 5,
          probedAt: START + 3,
          pausedUntil: START + 4,
          downSince: START + 1,
        };
        const blocked = { ...times, target: 'soar', reason: 'HTTP 401', probes: 2, probedMs: 7 };
        await store.setTargetState(blocked);
        expect(await store.targetState('soar')).toEqual(blocked);
        await store.setTargetState(open);
        expect(await store.targetState('soar')).toEqual(open);
      });
    });

    describe('entries for a target that stands in', () => {
      const divert = (ids: readonly number[]) => store.divert({ of: 'soar', to: 'pager', ids, at: clock.now() });
      const pagerIds = async () => (await pending('pager')).map(({ messageId }) => messageId);
      const commitOne = (alert: Alert, target = 'soar') =>
        store.commit(sampleCommit(store, { alerts: [alert], messages: [sampleMessage(alert, target)] }));

      it('are added once, in order, and say for whom; those that they are made from stay', async () => {
        await commitAlerts(store, ['a', 'b', 'c'], ['soar'], 'one key');
        const ids = await store.waitingIds('soar', 0);
        expect(await store.waitingIds('soar', ids[0] ?? 0)).toEqual(ids.slice(1));
        expect(await divert(ids)).toBe(3);
        expect(await divert(ids)).toBe(0);
        const [first, ...rest] = await pending('pager');
        expect(rest).toEqual([]);
        expect(first).toMatchObject({ messageId: 'a', detour: { kind: 'fallback', of: 'soar' }, attempts: 0 });
        await store.delivered([first?.id ?? 0], clock.now());
        expect(await pagerIds()).toEqual(['b']);
        expect(await store.waitingIds('soar', 0)).toEqual(ids);
      });

      it('are not made of what is finished, or belongs to another target', async () => {
        await commitAlerts(store, ['a', 'b'], ['soar', 'siem']);
        const [first = 0, ...rest] = await store.waitingIds('soar', 0);
        await store.delivered([first], clock.now());
        expect(await divert([first, ...(await store.waitingIds('siem', 0))])).toBe(0);
        expect(await divert([first, ...rest])).toBe(1);
      });

      it('are followed by what becomes of their alerts, and never by the end of a strange one', async () => {
        await commitOne(sampleAlert('a'));
        await commitOne(sampleAlert('b', { revision: 1, status: 'resolved' }));
        expect(await divert(await store.waitingIds('soar', 0))).toBe(1);
        await commitOne(sampleAlert('a', { revision: 1, status: 'resolved' }));
        await commitOne(sampleAlert('b', { revision: 2 }));
        expect(await pagerIds()).toEqual(['a']);
        await store.delivered([(await pending('pager'))[0]?.id ?? 0], clock.now());
        expect(await pagerIds()).toEqual(['a-1']);
        expect((await pending('pager'))[0]).not.toHaveProperty('detour');
      });

      it('are followed once where the later message has that target anyhow', async () => {
        await commitOne(sampleAlert('a'));
        await divert(await store.waitingIds('soar', 0));
        await store.delivered([(await pending('pager'))[0]?.id ?? 0], clock.now());
        const alert = sampleAlert('a', { revision: 1 });
        const messages = ['soar', 'pager'].map((target) => sampleMessage(alert, target));
        await store.commit(sampleCommit(store, { alerts: [alert], messages }));
        expect(await pagerIds()).toEqual(['a-1']);
      });
    });

    describe('pages of alerts', () => {
      const ids = async (query: Partial<AlertQuery>) => {
        const page = await store.alertPage({ after: null, limit: 100, ...query });
        return { ...page, alerts: page.alerts.map(({ id, revision }) => `${id}-${revision}`) };
      };

      it('follow one another, without a hole and to the end', async () => {
        expect(await ids({})).toEqual({ alerts: [], end: null, more: false, begunAnew: false });
        await commitAlerts(store, ['a', 'b', 'c'], ['soar']);
        const first = await ids({ limit: 2 });
        expect(first).toMatchObject({ alerts: ['a-0', 'b-0'], more: true });
        const second = await ids({ after: first.end, limit: 2 });
        expect(second).toMatchObject({ alerts: ['c-0'], more: false });
        expect(await ids({ after: second.end })).toEqual({ ...second, alerts: [] });
        await store.commit(sampleCommit(store, { alerts: [sampleAlert('a', { revision: 1, status: 'resolved' })] }));
        expect(await ids({ after: second.end })).toMatchObject({ alerts: ['a-1'], more: false });
      });

      it('hold what is meant, and lead past what is not', async () => {
        await commitAlerts(store, ['a', 'b'], ['soar']);
        await clock.advance(MINUTE_MS);
        await store.commit(sampleCommit(store, { alerts: [sampleAlert('c', { severity: 'critical' })] }));
        expect((await ids({ severities: ['critical', 'low'] })).alerts).toEqual(['c-0']);
        expect((await ids({ since: clock.now() })).alerts).toEqual(['c-0']);
        expect((await ids({ since: clock.now() + 1 })).alerts).toEqual([]);
        const none = await ids({ ruleId: 'another' });
        expect(none).toMatchObject({ alerts: [], more: false });
        expect((await ids({ after: none.end })).alerts).toEqual([]);
      });

      it('begin anew where their mark is of another state, and go on where its message was tidied away', async () => {
        await commitAlerts(store, ['a', 'b'], []);
        const strange = { row: 2, alertId: 'x' };
        expect(await ids({ after: strange })).toMatchObject({ alerts: ['a-0', 'b-0'], begunAnew: true });
        expect(await ids({ after: { row: 99, alertId: 'b' } })).toMatchObject({ begunAnew: true });
        const { end } = await ids({});
        await store.tidy(START + 60 * DAY_MS);
        expect(await ids({ after: end })).toMatchObject({ alerts: [], end, begunAnew: true });
        await commitAlerts(store, ['c'], []);
        expect(await ids({ after: end })).toMatchObject({ alerts: ['c-0'], begunAnew: true });
      });
    });

    describe('acknowledgements', () => {
      it('are kept, the first one for good, and unknown alerts have none', async () => {
        await commitAlerts(store, ['a'], ['soar']);
        expect(await store.acknowledgementOf('a')).toBeNull();
        const ann = { by: 'ann \u0000', at: START };
        expect(await store.acknowledge('a', ann)).toEqual(ann);
        expect(await store.acknowledge('a', { by: 'bob', at: START + 1 })).toEqual(ann);
        expect(await store.acknowledgementOf('a')).toEqual(ann);
        expect(await store.acknowledge('b', ann)).toBeNull();
      });

      it('have the latest disposition that was given, and are counted by rule', async () => {
        await commitAlerts(store, ['a', 'b'], ['soar']);
        expect(await store.acknowledgementCounts()).toEqual([]);
        await store.acknowledge('a', { by: 'ann', at: START });
        await store.acknowledge('b', { by: 'ann', at: START, disposition: 'true' });
        await store.acknowledge('b', { by: 'bob', at: START + 1 });
        expect(await store.acknowledgementOf('b')).toEqual({ by: 'ann', at: START, disposition: 'true' });
        await store.acknowledge('b', { by: 'bob', at: START + 1, disposition: 'benign' });
        expect(await store.acknowledgementOf('b')).toEqual({ by: 'ann', at: START, disposition: 'benign' });
        const { tenant, rule } = sampleAlert('a');
        const dispositions = { true: 0, false: 0, benign: 1 };
        expect(await store.acknowledgementCounts()).toEqual([
          { tenant, ruleId: rule.id, acknowledged: 2, dispositions },
        ]);
      });

      it('are shown by their alerts wherever these are read', async () => {
        await commitAlerts(store, ['a'], ['soar']);
        await store.acknowledge('a', { by: 'ann', at: START, disposition: 'false' });
        const acknowledged = { by: 'ann', at: new Date(START).toISOString(), disposition: 'false' };
        const read = [await store.alertsById('a'), await store.newestAlerts(['a'])];
        expect(read.map(([alert]) => alert?.acknowledged)).toEqual([acknowledged, acknowledged]);
        const { alerts } = await store.alertPage({ after: null, limit: 10 });
        expect(alerts[0]?.acknowledged).toEqual(acknowledged);
        const times = { since: START, toldAt: START, heldAt: START, goneFrom: null };
        const { severity, rowCount, lastSeen, dedupKey } = sampleAlert('a');
        const firing = {
          ...{ alertId: 'a', dedupKey, revision: 0, severity, rowCount, lastSeen, targets: ['soar'] },
          ...times,
        };
        await store.commit(sampleCommit(store, { firing: [{ alertId: 'a', record: firing }] }));
        const { tenant, rule } = sampleAlert('a');
        const told = [await store.firingOf(tenant, rule.id), await store.allFiring()];
        expect(told.map(([one]) => one?.acknowledged)).toEqual([acknowledged, acknowledged]);
      });

      it('are forgotten with their alert, and not before', async () => {
        await commitAlerts(store, ['a'], ['soar']);
        await store.acknowledge('a', { by: 'ann', at: START });
        await store.tidy(START + 60 * DAY_MS);
        expect(await store.acknowledgementOf('a')).not.toBeNull();
        await store.delivered([(await only('soar')).id], START);
        await store.tidy(START + 60 * DAY_MS);
        expect(await store.acknowledgementOf('a')).toBeNull();
      });
    });

    describe('escalations and digests', () => {
      const commitWays = (alert: Alert, ...ways: readonly Partial<Way>[]) => {
        const messages = ways.map((way) => ({ ...sampleMessage(alert, 'soar'), ...way }));
        return store.commit(sampleCommit(store, { alerts: [alert], messages }));
      };
      const escalation = { everyMs: MINUTE_MS, targets: ['pager'] };
      const due = () => store.escalate({ now: store.outboxNow(), at: clock.now() });
      const digests = () => store.dueDigests({ now: store.outboxNow(), targets: ['soar'], limit: 10 });

      it('one escalation that several messages name is one, and a commit that is repeated begins none', async () => {
        const twice = [{ escalation }, { target: 'siem', escalation }];
        await commitWays(sampleAlert('a'), ...twice);
        expect(await store.nextDetour()).toBe(START + MINUTE_MS);
        expect(await due()).toEqual([]);
        await clock.advance(MINUTE_MS);
        expect(await due()).toEqual(['pager']);
        expect(await store.nextDetour()).toBeNull();
        expect((await pending('pager'))[0]).toMatchObject({ detour: { kind: 'escalation', afterMs: MINUTE_MS } });
        await commitWays(sampleAlert('a'), ...twice);
        expect(await store.nextDetour()).toBeNull();
      });

      it('a digest is told once, and what comes while it is made is in the next one', async () => {
        await commitWays(sampleAlert('a'), { digestMs: MINUTE_MS });
        expect(await pending('soar')).toEqual([]);
        expect([await digests(), await store.nextDetour()]).toEqual([[], START + MINUTE_MS]);
        await clock.advance(MINUTE_MS);
        const [first] = await digests();
        if (!first) throw new Error('there is no digest');
        expect(first).toMatchObject({ tenant: 'contoso', target: 'soar', from: START, firstMessageId: 'a' });
        expect(first.counts).toEqual([{ severity: 'high', rule: 'rule-a', alerts: 1 }]);
        await commitWays(sampleAlert('b'), { digestMs: MINUTE_MS });
        expect((await digests()).map(({ id }) => id)).toEqual([first.id]);
        await store.tellDigest(first, sampleAlert('digest'));
        await store.tellDigest(first, sampleAlert('digest'));
        expect((await pending('soar')).map(({ messageId }) => messageId)).toEqual(['digest']);
        await clock.advance(MINUTE_MS);
        expect((await digests()).map(({ alerts }) => alerts.map(({ id }) => id))).toEqual([['b']]);
      });

      it('the end of an alert that stood in a digest goes into one, too, and not where it was told by itself', async () => {
        await commitWays(sampleAlert('a'), { digestMs: MINUTE_MS }, { target: 'siem' });
        await commitWays(sampleAlert('a', { revision: 1, status: 'resolved' }), {}, { target: 'siem' });
        expect(await pending('soar')).toEqual([]);
        expect((await pending('siem', { ignoreBackoff: true })).map(({ messageId }) => messageId)).toEqual(['a']);
        await clock.advance(MINUTE_MS);
        const [digest] = await digests();
        expect(digest?.counts).toEqual([{ severity: 'high', rule: 'rule-a', alerts: 1 }]);
        expect(digest?.alerts.map(({ revision }) => revision)).toEqual([1]);
      });

      it('a message that stood in a digest never comes into another', async () => {
        await commitWays(sampleAlert('a'), { digestMs: MINUTE_MS });
        await clock.advance(MINUTE_MS);
        for (const one of await digests()) await store.tellDigest(one, sampleAlert('digest'));
        await commitWays(sampleAlert('a'), { digestMs: MINUTE_MS });
        expect(await store.nextDetour()).toBeNull();
      });
    });

    describe('dead letters', () => {
      const buryOne = async (id: string, target: string): Promise<number> => {
        await commitAlerts(store, [id], [target]);
        const entry = await only(target);
        await store.bury([{ id: entry.id, reason: 'refused', status: 422, answer: 'no \u0000', at: START + 1 }]);
        return entry.id;
      };

      it('are listed with what led to them', async () => {
        const id = await buryOne('a1', 'soar');
        expect(await store.deadLetters({ target: null, ids: null })).toEqual([
          {
            id,
            messageId: 'a1',
            alertId: 'a1',
            target: 'soar',
            reason: 'refused',
            status: 422,
            answer: 'no \ufffd',
            attempts: 1,
            firstAt: START + 1,
            lastAt: START + 1,
            alert: sampleAlert('a1'),
          },
        ]);
      });

      it('are found by target and by id', async () => {
        const first = await buryOne('a1', 'soar');
        const second = await buryOne('a2', 'siem');
        const ids = async (filter: Parameters<Store['deadLetters']>[0]) =>
          (await store.deadLetters(filter)).map((letter) => letter.id);
        expect(await ids({ target: 'siem', ids: null })).toEqual([second]);
        expect(await ids({ target: null, ids: [first, 999] })).toEqual([first]);
        expect(await ids({ target: 'siem', ids: [first] })).toEqual([]);
        expect(await ids({ target: null, ids: [] })).toEqual([]);
      });

      it('are found by reason, time and the beginning of the alert id, with all that is asked for', async () => {
        const first = await buryOne('a1', 'soar');
        await commitAlerts(store, ['b2'], ['soar']);
        const second = (await only('soar')).id;
        await store.bury([{ id: second, reason: 'Answered 413', status: 413, answer: '', at: START + DAY_MS }]);
        const ids = async (filter: Partial<Parameters<Store['deadLetters']>[0]>) =>
          (await store.deadLetterHeads({ target: null, ids: null, ...filter })).map((head) => head.id);
        expect(await ids({})).toEqual([first, second]);
        expect(await ids({ ids: [second, first] })).toEqual([first, second]);
        expect(await ids({ reason: 'answered' })).toEqual([second]);
        expect(await ids({ reason: '%' })).toEqual([]);
        expect([await ids({ since: START + DAY_MS }), await ids({ since: START + DAY_MS + 1 })]).toEqual([
          [second],
          [],
        ]);
        expect([await ids({ alertPrefix: 'b' }), await ids({ alertPrefix: 'b2x' })]).toEqual([[second], []]);
        expect(await ids({ alertPrefix: 'b', reason: 'refused' })).toEqual([]);
        const [head] = await store.deadLetterHeads({ target: null, ids: [first] });
        const [letter] = await store.deadLetters({ target: null, ids: [first] });
        expect({ ...head, answer: letter?.answer, alert: letter?.alert }).toEqual(letter);
      });

      it('go out anew when replayed, with their 72 hours', async () => {
        const id = await buryOne('a1', 'soar');
        await clock.advance(4 * DAY_MS);
        expect(await store.replay([id, 999], clock.now())).toBe(1);
        expect(await only('soar')).toMatchObject({ id, messageId: 'a1', attempts: 0, createdAt: START + 4 * DAY_MS });
        expect(await store.replay([id], clock.now())).toBe(0);
        expect(await store.deadLetters({ target: null, ids: null })).toEqual([]);
      });

      it('are gone when dropped, and a repeated commit does not bring them back', async () => {
        const id = await buryOne('a1', 'soar');
        expect(await store.drop([id, id, 999])).toBe(1);
        await commitAlerts(store, ['a1'], ['soar']);
        expect(await store.deadLetters({ target: null, ids: null })).toEqual([]);
        expect(await pending('soar')).toEqual([]);
      });

      it('take all pending entries of a target', async () => {
        await commitAlerts(store, ['a1'], ['soar', 'siem']);
        await clock.advance(MINUTE_MS);
        await commitAlerts(store, ['a2'], ['soar', 'siem']);
        expect(await store.buryPending('siem', { reason: 'gone', at: clock.now() })).toBe(2);
        const letters = await store.deadLetters({ target: null, ids: null });
        expect(letters.map((letter) => [letter.target, letter.messageId, letter.reason, letter.firstAt])).toEqual([
          ['siem', 'a1', 'gone', START],
          ['siem', 'a2', 'gone', START + MINUTE_MS],
        ]);
      });
    });

    describe('failed probes', () => {
      const probe = (now: number, probedMs: number) =>
        store.ageWaiting({
          target: 'soar',
          now,
          probedMs,
          longestStepMs: 6000,
          longestAgeMs: 10_000,
          reason: 'too old',
          at: START,
        });

      it('count from the first one on that an entry waited for, and bury what is too old by then', async () => {
        await commitAlerts(store, ['a1', 'b1'], ['soar']);
        await commitAlerts(store, ['c1'], ['siem']);
        expect(await probe(START + 50_000, 100_000)).toBe(0);
        await commitAlerts(store, ['a2'], ['soar']);
        expect(await probe(START + 52_000, 102_000)).toBe(0);
        expect(await probe(START + 59_000, 109_999)).toBe(0);
        expect(await probe(START + 60_000, 110_000)).toBe(2);
        const letters = await store.deadLetters({ target: null, ids: null });
        expect(letters.map((letter) => [letter.messageId, letter.reason])).toEqual([
          ['a1', 'too old'],
          ['b1', 'too old'],
        ]);
        expect(await only('soar')).toMatchObject({ messageId: 'a2', probedFrom: 102_000, agedMs: 0 });
        expect(await only('siem')).toMatchObject({ probedFrom: null });
      });

      it('add the time since an own attempt, and an own attempt begins anew', async () => {
        await commitAlerts(store, ['a1'], ['soar']);
        const { id } = await only('soar');
        await store.retryLater([sampleRetry(id, { triedAt: START, agedMs: 1000 })]);
        await probe(START + 2000, 0);
        expect(await only('soar')).toMatchObject({ agedMs: 3000, probedFrom: 0 });
        await store.retryLater([sampleRetry(id, { triedAt: START + 2000, agedMs: 3000 })]);
        expect(await only('soar')).toMatchObject({ agedMs: 3000, probedFrom: null });
        await probe(START + 100_000, 50_000);
        expect(await only('soar')).toMatchObject({ agedMs: 9000, probedFrom: 50_000 });
        expect(await probe(START + 100_500, 51_000)).toBe(1);
      });

      it('do not count for a replayed entry', async () => {
        await commitAlerts(store, ['a1'], ['soar']);
        await probe(START, 5000);
        await probe(START, 20_000);
        const [letter] = await store.deadLetters({ target: null, ids: null });
        await store.replay([letter?.id ?? 0], START);
        expect(await only('soar')).toMatchObject({ agedMs: 0, triedAt: null, probedFrom: null });
      });
    });

    describe('the time of the outbox', () => {
      it('goes on with the clock, never back, and a clock that is set back does not stop it', async () => {
        const from = store.outboxNow();
        await clock.advance(1000);
        expect(store.outboxNow()).toBe(from + 1000);
        clock.jump(-DAY_MS);
        await clock.advance(1000);
        expect(store.outboxNow()).toBe(from + 2000);
        clock.jump(DAY_MS);
      });
    });

    describe('what a clock wrote that was ahead', () => {
      it('is cut to the time at which that was found, of this rule only', async () => {
        const told: KeyMemory = {
          key: keyOf(1),
          state: 'told',
          toldTo: START + 900,
          toldBefore: [START - 5, START + 500],
          heldTo: START + 700,
          heldNewest: null,
          heldBefore: [
            { from: START - 90, to: START - 50, newest: '7' },
            { from: START - 9, to: START + 2, newest: null },
            { from: START + 3, to: START + 8, newest: null },
          ],
          lastReturned: START,
        };
        const past = { ...told, key: keyOf(2), toldTo: START - 1, toldBefore: [START + 3], heldTo: null };
        const quiet = {
          dedupKey: 'd',
          openedAt: START + 9,
          openedBefore: [START - 7, START + 7],
          held: { duplicate: 2 },
        };
        const earlier = { ...quiet, dedupKey: 'e', openedAt: START - 1, openedBefore: [] };
        const both = { keys: [told, past], quiet: [quiet, earlier] };
        await store.commit(sampleCommit(store, both));
        await store.commit(sampleCommit(store, { ...both, ruleId: 'rule-b', run: sampleRun('run-2') }));
        for (let times = 0; times < 2; times += 1) await store.cutMemory('contoso', 'rule-a', START);
        const keys = await store.findKeys('contoso', 'rule-a', [told.key, past.key]);
        const [older] = told.heldBefore;
        const heldBefore = [older, { from: START - 9, to: START, newest: null }];
        expect(keys.get(told.key)).toEqual({
          ...told,
          toldTo: START,
          toldBefore: [START - 5],
          heldTo: START,
          heldBefore,
        });
        expect(keys.get(past.key)).toEqual({ ...past, toldBefore: [], heldBefore });
        const times = await store.findQuiet('contoso', 'rule-a', ['d', 'e']);
        expect(times.get('d')).toEqual({ ...quiet, openedAt: START - 370 * DAY_MS, openedBefore: [START - 7] });
        expect(times.get('e')).toEqual(earlier);
        expect((await store.findKeys('contoso', 'rule-b', [told.key])).get(told.key)).toEqual(told);
        await store.cutMemory('contoso', 'nobody', START);
      });
    });

    describe('the meter and the cache', () => {
      it('remember calls and pauses per tenant and API', async () => {
        const first = await store.quota.beginCall('contoso', 'graph', { at: START, runMs: 20 });
        await store.quota.endCall(first, 1500.5);
        await store.quota.beginCall('contoso', 'graph', { at: START + 2, runMs: 0 });
        const unused = await store.quota.beginCall('contoso', 'graph', { at: START + 3, runMs: 0 });
        await store.quota.cancelCall(unused);
        await store.quota.beginCall('contoso', 'mde', { at: START + 1, runMs: 7 });
        expect(await store.quota.calls('contoso', 'graph', START)).toEqual([
          { at: START, runMs: 1500.5 },
          { at: START + 2, runMs: 0 },
        ]);
        expect(await store.quota.calls('contoso', 'graph', START + 1)).toHaveLength(1);
        expect(await store.quota.pauseOf('contoso', 'graph')).toBeNull();
        await store.quota.pause('contoso', 'graph', { remainedMs: 99, writtenAt: START });
        await store.quota.pause('contoso', 'graph', { remainedMs: 100, writtenAt: START + 1 });
        expect(await store.quota.pauseOf('contoso', 'graph')).toEqual({ remainedMs: 100, writtenAt: START + 1 });
        expect(await store.quota.pauseOf('contoso', 'mde')).toBeNull();
        const numbered = await store.quota.callsAfter('contoso', 'graph', 0);
        expect(numbered.map(({ number }) => number)).toEqual([first, expect.any(Number)]);
        expect(await store.quota.callsAfter('contoso', 'graph', first)).toEqual(numbered.slice(1));
        expect(numbered[0]).toMatchObject({ at: START, runMs: 1500.5 });
        const restraint = { cause: 'processing', heldMs: 99, pace: 0.55, ceiling: 0.8, writtenAt: START } as const;
        expect(await store.quota.restraintOf('contoso', 'graph')).toBeNull();
        await store.quota.restrain('contoso', 'graph', { ...restraint, cause: 'calls' });
        await store.quota.restrain('contoso', 'graph', restraint);
        expect(await store.quota.restraintOf('contoso', 'graph')).toEqual(restraint);
        expect(await store.quota.restraintOf('contoso', 'mde')).toBeNull();
      });

      it('keep small answers under any key', async () => {
        expect(await store.cache.get('k')).toBeNull();
        await store.cache.set('k', 'one');
        await store.cache.set('k', 'two \u0000 \ud800');
        expect(await store.cache.get('k')).toBe('two \u0000 \ud800');
        expect(await store.cache.get('k\u0000')).toBeNull();
      });
    });

    describe('the journal', () => {
      const events = async () => (await store.journal({ after: 0, limit: 1000 })).events;

      it('tells of a run with its query, and of its alerts behind it', async () => {
        const alerts = [sampleAlert('a1'), sampleAlert('a2', { status: 'resolved', revision: 1 })];
        const query = { hash: 'h1', template: '["T"]' };
        await store.commit(sampleCommit(store, { alerts, query }));
        const about = { kind: 'alert', place: 1, at: clock.now(), alertKind: 'detection', severity: 'high' };
        const of = { ...about, tenant: 'contoso', ruleId: 'rule-a', runId: 'run-1' };
        expect(await events()).toEqual([
          { kind: 'run', place: 1, at: clock.now(), run: { ...sampleRun('run-1'), query: 'h1' } },
          { ...of, alertId: 'a1', revision: 0, status: 'firing' },
          { ...of, alertId: 'a2', revision: 1, status: 'resolved' },
        ]);
      });

      it('tells of alerts that no run made, and of what became of deliveries', async () => {
        const alert = sampleAlert('h1', { kind: 'health', runId: '' });
        const messages = ['soar', 'siem', 'pager'].map((target) => sampleMessage(alert, target));
        await store.commitHealth({ alerts: [alert], messages, health: [] });
        const [soar, siem, pager] = await Promise.all(['soar', 'siem', 'pager'].map(only));
        await store.delivered([soar?.id ?? 0], START + 1);
        await store.retryLater([sampleRetry(siem?.id ?? 0, { reason: 'HTTP 503' })]);
        await store.bury([{ id: pager?.id ?? 0, reason: 'HTTP 400', status: 400, answer: 'no', at: START + 2 }]);
        await store.replay([pager?.id ?? 0], START + 3);
        expect((await events()).map(brief)).toEqual([
          'alert h1',
          'delivered h1 soar',
          'retry h1 siem HTTP 503',
          'bury h1 pager HTTP 400',
          'replay h1 pager',
        ]);
      });

      it('is read in parts, from a place or a time on', async () => {
        for (const run of ['r1', 'r2', 'r3']) {
          await store.commit(sampleCommit(store, { run: sampleRun(run) }));
          await clock.advance(1000);
        }
        const first = await store.journal({ after: 0, limit: 2 });
        const rest = await store.journal({ after: first.place, limit: 2 });
        expect([first.events.length, first.isLast, rest.events.length, rest.isLast]).toEqual([2, false, 1, true]);
        const places = await Promise.all([0, 1, 1000, 2000, 9000].map((ms) => store.journalPlace(START + ms)));
        expect(places).toEqual([0, 1, 1, 2, 3]);
      });

      it('notes no run that was recorded before, and no letter that is none', async () => {
        await store.commit(sampleCommit(store));
        await store.commit(sampleCommit(store));
        await store.drop([77]);
        expect((await events()).map(brief)).toEqual(['run run-1']);
      });

      it('finds the runs of a rule whose window holds an instant, with all that came of them', async () => {
        const window = (from: number) => ({ from: START + from, to: START + from + 900, basis: 'ingestion' as const });
        const query = { hash: 'h1', template: '["T"]' };
        const messages = [sampleMessage(sampleAlert('a1'), 'soar')];
        for (const from of [0, 900]) {
          const run = sampleRun(`r${from}`, { window: window(from), endedAt: START + from + 1000 });
          await store.commit(
            sampleCommit(store, { run, query, ...(from === 900 && { alerts: [sampleAlert('a1')], messages }) }),
          );
        }
        const [found, ...more] = await store.runsAbout('contoso', 'rule-a', { instant: START + 900, limit: 5 });
        expect([found?.run.runId, found?.template, found?.run.query, more]).toEqual(['r900', '["T"]', 'h1', []]);
        expect(found?.alerts.map(({ alertId }) => alertId)).toEqual(['a1']);
        expect(found?.messages.map(({ target, state }) => [target, state])).toEqual([['soar', 'pending']]);
        expect(await store.runsAbout('contoso', 'rule-b', { instant: START, limit: 5 })).toEqual([]);
        expect(await store.oldestRun('contoso', 'rule-a')).toEqual({ endedAt: START + 1000, askedFrom: START });
        expect(await store.oldestRun('contoso', 'rule-b')).toBeNull();
      });
    });

    describe('the audit', () => {
      it('gives the latest changes in their order, and keeps what is too long by its beginning', async () => {
        const note = (who: string, at: number, after: unknown = null) =>
          store.noteAudit({ who, at, action: 'reload', subject: `of\u0000${who}`, before: null, after });
        await note('ann', START);
        await note('bob', START + 1, { text: '\ud800\u0000"' });
        await note('ann', START + 2, 'x'.repeat(9000));
        const [first, second, third] = await store.audit({ limit: 10 });
        expect(first).toEqual({
          who: 'ann',
          at: START,
          action: 'reload',
          subject: 'of\ufffdann',
          before: null,
          after: null,
        });
        expect(second?.after).toEqual({ text: '\ud800\u0000"' });
        expect(String(third?.after)).toHaveLength(2001);
        const who = async (query: object) => (await store.audit({ limit: 10, ...query })).map(({ at }) => at - START);
        expect(await who({ limit: 2 })).toEqual([1, 2]);
        expect(await who({ who: 'ann' })).toEqual([0, 2]);
        expect(await who({ since: START + 1, action: 'reload' })).toEqual([1, 2]);
        expect(await who({ action: 'add_silence' })).toEqual([]);
        const page = (before: number | null) => store.auditPage({ limit: 2, before });
        const newest = await page(null);
        const older = await page(newest.at(-1)?.row ?? null);
        expect([...newest, ...older].map(({ entry }) => entry.at - START)).toEqual([2, 1, 0]);
        await store.tidy(START + 365 * DAY_MS + 1);
        expect(await who({})).toEqual([1, 2]);
      });
    });

    describe('tidying', () => {
      it('removes delivered alerts and runs of 30 days ago and keeps the rest', async () => {
        await commitAlerts(store, ['delivered', 'dead', 'pending'], ['soar']);
        const [delivered, dead] = await pending('soar');
        await store.delivered([delivered?.id ?? 0], START);
        await store.bury([{ id: dead?.id ?? 0, reason: 'r', status: null, answer: '', at: START }]);
        await store.quota.beginCall('contoso', 'graph', { at: START, runMs: 1 });
        await clock.advance(31 * DAY_MS);
        await store.tidy(clock.now());
        expect((await only('soar')).messageId).toBe('pending');
        expect(await store.deadLetters({ target: null, ids: null })).toHaveLength(1);
        expect((await store.ruleState('contoso', 'rule-a'))?.lastRun?.runId).toBe('run-1');
        expect(await store.quota.calls('contoso', 'graph', 0)).toEqual([]);
        await commitAlerts(store, ['delivered'], ['soar']);
        expect((await pending('soar')).map((entry) => entry.messageId)).toEqual(['pending', 'delivered']);
      });

      it('keeps what was delivered lately', async () => {
        await commitAlerts(store, ['a1'], ['soar']);
        await clock.advance(29 * DAY_MS);
        await store.delivered([(await only('soar')).id], clock.now());
        await clock.advance(2 * DAY_MS);
        await store.tidy(clock.now());
        await commitAlerts(store, ['a1'], ['soar']);
        expect(await pending('soar')).toEqual([]);
      });
    });
  });
}

/** An event of the journal in few words. */
function brief(event: Happening): string {
  if (event.kind === 'run') return `run ${event.run.runId}`;
  if (event.kind === 'alert') return `alert ${event.alertId}`;
  if (event.kind === 'audit') return `${event.who} ${event.action} ${event.subject}`;
  const { outcome, alertId, target, reason } = event;
  return [outcome, alertId, target, ...(reason === null ? [] : [reason])].join(' ');
}
