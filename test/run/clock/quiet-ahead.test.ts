import { expect, it } from '@jest/globals';
import { timetableOf } from '../../../src/run/schedule.ts';
import { takeTurn } from '../../../src/run/turn.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from '../story.ts';
import { planted, setUp } from '../turn-bench.ts';

it('hides nothing by a quiet time that a clock opened which was ahead', async () => {
  const alert = { ...makeRule().alert, suppressMs: 2 * HOUR, dedupColumns: ['DeviceId'] };
  const rule = makeRule({ alert, lookbackMs: 2 * DAY }, { identity: EVENT });
  const rows = [planted(1, T0 - 30 * MINUTE)];
  const { bench, detections } = setUp(rows);
  const { tenant } = bench;
  const turn = { tenant, rule, timetable: timetableOf(rule), kind: 'due', scheduledAt: null } as const;
  const options = { admit: async () => 0, signal: new AbortController().signal, dryRun: false };
  tenant.serviceClock.set(T0 + DAY);
  await takeTurn(turn, options, bench.deps);
  tenant.serviceClock.set(T0);
  rows.push(planted(2, T0 - 10 * MINUTE));
  const report = await takeTurn(turn, options, bench.deps);
  expect(report?.run).toMatchObject({ logicalTime: T0 - 2 * MINUTE, suppressed: { quiet: 0 } });
  expect(detections()).toHaveLength(2);
});
