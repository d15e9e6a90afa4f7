import { expect, it } from '@jest/globals';
import { messageId } from '../../../src/alerts/alert.ts';
import type { AlertSpec, RunnableRule } from '../../../src/rules/rule.ts';
import { runBackfill } from '../../../src/run/backfill/run-backfill.ts';
import { timetableOf } from '../../../src/run/schedule.ts';
import { makeRule } from '../make-rule.ts';
import { EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { planted, setUp } from '../turn-bench.ts';

const seen = (id: number) => planted(id, T0 - 40 * MINUTE + id);
/** A row that no query shows in time. */
const late = (id: number) => ({ ...seen(id), visible: T0 + 5 * HOUR });
const groups = { measure: 'rows', column: null, operator: '>=', value: 2, groupBy: ['DeviceId'] } as const;
const alert = (over: Partial<AlertSpec>) => ({ ...makeRule().alert, suppressMs: 0, ...over });
const set = { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId', 'ReportId'] } } as const;

/** Rows 1 to 3 are told as of an L, and a backfill of it finds 4 to 6, too. */
async function backfilled(rule: RunnableRule) {
  const { bench, detections } = setUp([seen(1), seen(2), seen(3), late(4), late(5), late(6)]);
  await bench.turn(rule, 'due', timetableOf(rule).latest(T0));
  const before = detections().length;
  await bench.clock.advance(6 * HOUR);
  const options = { signal: new AbortController().signal, onWindow: () => undefined, onWait: () => undefined };
  const deps = { ...bench.deps, clock: { ...bench.clock, sleep: async () => undefined } };
  const wish = { from: T0 - HOUR, to: T0, noLimit: false, retell: false };
  await runBackfill({ tenant: bench.tenant, rule }, wish, options, deps);
  return { told: detections(), more: detections().slice(before) };
}

it.each<readonly [string, RunnableRule]>([
  ['a group that has an end', makeRule({ threshold: groups, alert: alert({ per: 'group' }) }, { identity: EVENT })],
  [
    'a group whose end is never told',
    makeRule({ threshold: groups, alert: alert({ per: 'group', resolveAfterMs: 'never' }) }, { identity: EVENT }),
  ],
  [
    'rows of a set that are one alert',
    makeRule({ effectiveShape: 'set', lookbackMs: 2 * HOUR, alert: alert({ dedupColumns: ['DeviceId'] }) }, set),
  ],
  ['a run', makeRule({ alert: alert({ per: 'run', resolveAfterMs: 'never' }) }, { identity: EVENT })],
])('what a backfill finds more of %s is told under its id, as a message of its own', async (_, rule) => {
  const { told, more } = await backfilled(rule);
  const [first, again] = told;
  expect(more.filter(({ status }) => status === 'firing')).toEqual([again]);
  expect(again).toMatchObject({ id: first?.id, revision: 1, change: { kind: 'again' } });
  expect(again?.evidence.map(({ ReportId }) => ReportId)).toEqual(expect.arrayContaining([4, 5, 6]));
});

it('what is more than the limit once more is counted once more, as a message of its own', async () => {
  const { told } = await backfilled(makeRule({ alert: alert({ limit: 2 }) }, { identity: EVENT }));
  const overflows = told.filter(({ overflow }) => overflow);
  expect(overflows.map(({ overflow }) => overflow?.hits)).toEqual([2, 2]);
  expect(new Set(told.map(messageId)).size).toBe(4);
});
