import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import { HOUR_MS } from '../../src/lib/duration.ts';
import type { AlertMark } from '../../src/state/alert-page.ts';
import type { Store } from '../../src/state/store.ts';
import { commitAlerts, START, sampleAlert, sampleCommit, sampleMessage, sampleRun } from '../state/samples.ts';
import type { StoreMaker } from './store.ts';

/** What every store tells page by page. */
export function describePages(name: string, make: () => StoreMaker): void {
  describe(`pages of a ${name} store`, () => {
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

    it('gives alerts from the newest back, of which all that is asked for holds', async () => {
      expect(await store.alertHeads({ before: null, limit: 2 })).toEqual({ heads: [], end: null });
      await commitAlerts(store, ['a', 'b', 'c'], ['soar']);
      const other = sampleAlert('d', { severity: 'low', tenant: 'fabrikam', title: 'it "says"\n\u0000' });
      await store.commit(sampleCommit(store, { alerts: [other], run: sampleRun('run-2') }));
      const seen: string[] = [];
      for (let before: AlertMark | null = null, more = true; more; ) {
        const { heads, end } = await store.alertHeads({ before, limit: 2 });
        seen.push(...heads.map(({ alertId }) => alertId));
        before = end;
        more = end !== null;
      }
      expect(seen).toEqual(['d', 'c', 'b', 'a']);
      const { heads, end } = await store.alertHeads({
        before: null,
        limit: 9,
        tenant: 'fabrikam',
        severities: ['low'],
      });
      expect(end).toBeNull();
      expect(heads).toEqual([
        expect.objectContaining({
          alertId: 'd',
          revision: 0,
          at: START,
          severity: 'low',
          ruleId: 'rule-a',
          ruleName: 'Rule A',
        }),
      ]);
      expect(heads[0]?.title).toContain('it "says"\n');
      expect((await store.alertHeads({ before: null, limit: 9, since: START + 1 })).heads).toEqual([]);
      expect(await store.headsOfRule('contoso', 'rule-a', 3)).toHaveLength(3);
      expect(await store.headsOfRule('contoso', 'rule-b', 3)).toEqual([]);
    });

    it('tells which message was the first of a time', async () => {
      await commitAlerts(store, ['a', 'b'], []);
      await clock.advance(HOUR_MS);
      await commitAlerts(store, ['c'], []);
      const rows = await store.alertRowsAt([START - 1, START, START + 1, START + HOUR_MS, START + 2 * HOUR_MS]);
      const [first = 0] = rows;
      expect(rows.map((row) => row - first)).toEqual([0, 0, 2, 2, 3]);
    });

    it('tells every message of an alert, and what became of it', async () => {
      const alert = sampleAlert('a');
      const later = { ...alert, revision: 1, status: 'resolved' as const };
      await store.commit(sampleCommit(store, { alerts: [alert], messages: [sampleMessage(alert, 'soar')] }));
      const [entry] = await store.pending('soar', { now: START, limit: 9, except: new Set(), ignoreBackoff: false });
      await store.keepReceipts([{ alertId: 'a', target: 'soar', text: 'SEC-7', at: START }]);
      await store.delivered([entry?.id ?? 0], START + 2000);
      await store.commit(
        sampleCommit(store, { alerts: [later], messages: [sampleMessage(later, 'soar')], run: sampleRun('run-2') }),
      );
      expect((await store.revisionsOf('a', 9)).map(({ revision, status }) => [revision, status])).toEqual([
        [1, 'resolved'],
        [0, 'firing'],
      ]);
      const fates = await store.deliveriesOf('a', 9);
      expect(fates.map(({ revision, state, receipt, createdAt }) => [revision, state, receipt, createdAt])).toEqual([
        [1, 'pending', 'SEC-7', START],
        [0, 'delivered', 'SEC-7', START],
      ]);
      expect(await store.deliveryTimes(9)).toEqual([{ target: 'soar', settledAt: START + 2000, tookMs: 2000 }]);
    });

    it('gives runs of a rule from the newest back, one by its id, and all from a place on', async () => {
      const query = { hash: 'a'.repeat(32), template: '["T"]' };
      await store.commit(sampleCommit(store, { query, run: sampleRun('run-1', { query: query.hash }) }));
      await store.commit(sampleCommit(store, { run: sampleRun('run-2', { endedAt: START + 2000 }) }));
      await store.commit(
        sampleCommit(store, { ruleId: 'rule-b', run: sampleRun('run-3', { ruleId: 'rule-b', endedAt: START + 3000 }) }),
      );
      const [newest] = await store.runsOfRule('contoso', 'rule-a', { before: null, limit: 1 });
      const older = await store.runsOfRule('contoso', 'rule-a', { before: newest?.row ?? null, limit: 9 });
      expect([newest?.run.runId, ...older.map(({ run }) => run.runId)]).toEqual(['run-2', 'run-1']);
      const over = async (from: number, to: number, limit = 9) =>
        (await store.runsOver('contoso', 'rule-a', { from, to, limit })).map(({ run }) => run.runId);
      expect(await over(START - 1, START + 1)).toEqual(['run-2', 'run-1']);
      expect(await over(START - 1, START + 1, 1)).toEqual(['run-2']);
      expect(await over(START, START + 1)).toEqual([]);
      expect(await store.runById('run-1')).toMatchObject({ run: { ruleId: 'rule-a' }, template: '["T"]' });
      expect(await store.runById('run-9')).toBeNull();
      const behind = await store.runsBehind({ after: 0, since: START + 1500, limit: 9 });
      expect(behind.map(({ run }) => [run.ruleId, run.runId])).toEqual([
        ['rule-a', 'run-2'],
        ['rule-b', 'run-3'],
      ]);
      expect(await store.runsBehind({ after: behind.at(-1)?.row ?? 0, since: 0, limit: 9 })).toEqual([]);
    });

    it('gives dead letters from the newest back', async () => {
      await commitAlerts(store, ['a', 'b', 'c'], ['soar']);
      const entries = await store.pending('soar', { now: START, limit: 9, except: new Set(), ignoreBackoff: false });
      await store.bury(entries.map(({ id }) => ({ id, reason: 'no', status: 400, answer: '', at: START })));
      const page = async (before: number | null) =>
        (await store.deadLetterHeads({ target: 'soar', ids: null, page: { before, limit: 2 } })).map(
          ({ id, alertId }) => [alertId, id] as const,
        );
      const first = await page(null);
      expect(first.map(([alertId]) => alertId)).toEqual(['c', 'b']);
      expect((await page(first.at(-1)?.[1] ?? 0)).map(([alertId]) => alertId)).toEqual(['a']);
    });
  });
}
