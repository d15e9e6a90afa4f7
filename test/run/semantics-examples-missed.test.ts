import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { LedgerEntry } from '../../src/state/store.ts';
import { makeRule } from './make-rule.ts';
import { DAY, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

const AGO = 'DeviceEvents | where Timestamp > ago(1h)';
const AGO_AT = AGO.indexOf('ago(');
const asking = {
  identity: EVENT,
  text: AGO,
  usesTime: true,
  reachMs: HOUR,
  timeCalls: [
    {
      start: AGO_AT,
      end: AGO.length,
      offsetMs: -HOUR,
      sign: '-' as const,
      argumentStart: AGO_AT + 4,
      argumentEnd: AGO.length - 1,
    },
  ],
};

function every(everyMs: number) {
  const schedule = { kind: 'every', everyMs, lookbackMs: null } as const;
  const byDevice = { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId'] } } as const;
  return {
    set: makeRule({ schedule, effectiveShape: 'set', lookbackMs: 2 * everyMs }, byDevice),
    'stream with ago()': makeRule({ schedule, lookbackMs: everyMs }, asking),
    stream: makeRule({ schedule, lookbackMs: everyMs }, { identity: EVENT }),
  };
}

const HOURS = 168;

/** One hit an hour of a week in which nobody runs the rule; then it runs again, and works off `turns` windows of its backlog at most. */
async function weekAway(rule: RunnableRule, turns: number) {
  const rows = Array.from({ length: HOURS }, (_, hour) =>
    planted(hour, T0 + hour * HOUR + 7 * MINUTE, { device: `pc${hour}` }),
  );
  const { bench, detections, health } = setUp(rows);
  await bench.turn(rule);
  await bench.clock.advance(HOURS * HOUR);
  bench.restart();
  await bench.turn(rule);
  for (let turn = 0; turn < turns && (await bench.turn(rule, 'backlog')); turn += 1);
  const ledger = (await bench.store.ruleState('default', rule.id))?.ledger ?? [];
  const told = new Set(detections().flatMap((alert) => alert.evidence.map((row) => Number(row.ReportId))));
  const holds = (entry: LedgerEntry, hour: number): boolean => {
    const arrived = T0 + hour * HOUR + 7 * MINUTE;
    return entry.from <= arrived && arrived < entry.to;
  };
  const recorded = rows.filter((_, hour) => ledger.some((entry) => holds(entry, hour)));
  const either = rows.filter((_, hour) => told.has(hour) || ledger.some((entry) => holds(entry, hour)));
  return { told: told.size, recorded: recorded.length, either: either.length, ledger, gaps: health() };
}

describe('a process that is down for a week', () => {
  const five = every(5 * MINUTE);
  const minute = every(MINUTE);

  it('with a set of five minutes: each of 168 hits is told or in the one gap, which is told', async () => {
    const { told, either, ledger, gaps } = await weekAway(five.set, 200);
    expect(either).toBe(HOURS);
    expect(told).toBeGreaterThan(0);
    expect(ledger).toMatchObject([{ outcome: 'gap', from: T0 - 2 * MINUTE, reason: expect.stringContaining('24') }]);
    expect(gaps.map((alert) => alert.health?.code)).toContain('gap');
  });

  it('with a stream with ago() of five minutes: each of 168 hits is told, or pending at its own L', async () => {
    const { told, recorded, either } = await weekAway(five['stream with ago()'], 200);
    expect([either, told + recorded]).toEqual([HOURS, HOURS]);
    expect(told).toBeGreaterThan(16);
  });

  it.each(Object.entries(minute))('with a %s of a minute: each hit is told or recorded', async (_, rule) => {
    const { either, ledger } = await weekAway(rule, 100);
    expect(either).toBe(HOURS);
    expect(ledger.length).toBeLessThanOrEqual(HOURS + 1);
  });

  it('with a stream of a minute: all hits are told, in windows of an hour', async () => {
    expect(await weekAway(minute.stream, 500)).toMatchObject({ told: HOURS, ledger: [] });
  });
});

describe('a rule of a second that is down for a month', () => {
  it.each(Object.entries(every(1000)))('%s', async (_, rule) => {
    const { bench } = setUp([]);
    await bench.turn(rule);
    await bench.clock.advance(29 * DAY);
    await bench.turn(rule);
    const state = await bench.store.ruleState('default', rule.id);
    expect(state?.ledger[0]?.from).toBeLessThanOrEqual(T0 - 2 * MINUTE);
    expect(state?.ledger.length).toBeLessThan(29 * 24 + 2);
  });
});
