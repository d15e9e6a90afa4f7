import { describe, expect, it } from '@jest/globals';
import type { RunnableRule, Schedule } from '../../src/rules/rule.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { planBacktest } from '../../src/trial/backtest-plan.ts';
import { tries } from '../tries.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { type PlantedRow, plantedSource } from './planted-source.ts';
import { COLUMNS, DAY, EVENT, HOUR, MINUTE } from './story.ts';
import { planted } from './turn-bench.ts';

const at = (iso: string): number => Date.parse(iso);

function cronRule(cron: string, timezone: string, lookbackMs: number, over: Partial<Schedule> = {}): RunnableRule {
  const schedule = { kind: 'cron', cron, timezone, lookbackMs, ...over } as Schedule;
  const identity = { kind: 'columns', columns: ['DeviceId'] } as const;
  return makeRule({ schedule, effectiveShape: 'set', lookbackMs }, { shape: 'set', identity });
}

/** A bench at `start`, where a hit of its own arrives every `everyMs` from `from` to `to`. */
function benchWith(start: number, { from, to, everyMs }: Readonly<Record<'from' | 'to' | 'everyMs', number>>) {
  const rows: PlantedRow[] = [];
  for (let time = from; time < to; time += everyMs)
    rows.push(planted(rows.length, time, { device: `pc${rows.length}` }));
  const bench = openBench({
    start,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now }),
  });
  const told = (): number[] => {
    const times = rows.map(() => 0);
    for (const alert of bench.told)
      for (const row of alert.kind === 'detection' ? alert.evidence : [])
        times[Number(row.ReportId)] = 1 + (times[Number(row.ReportId)] ?? 0);
    return times;
  };
  const health = () => bench.told.filter((alert) => alert.kind === 'health');
  const ledger = async (rule: RunnableRule) => (await bench.store.ruleState('default', rule.id))?.ledger ?? [];
  return { bench, rows, told, health, ledger };
}

/** Runs a rule at each of its times until `to`, but not within `away`; each time its backlog, too. */
async function runUntil(
  bench: ReturnType<typeof openBench>,
  rule: RunnableRule,
  to: number,
  away: readonly [number, number] = [0, 0],
): Promise<number[]> {
  const timetable = timetableOf(rule);
  const runs: number[] = [];
  for (let time = timetable.next(bench.clock.now()); time !== null && time <= to; time = timetable.next(time)) {
    if (time >= away[0] && time < away[1]) continue;
    await bench.clock.advance(time - bench.clock.now());
    await bench.turn(rule, 'due', time);
    while (await bench.turn(rule, 'backlog'));
    runs.push(time);
  }
  return runs;
}

/** Its clocks change as those of Berlin do, by an hour at night. */
const NEW_YORK = [['America/New_York', '2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z']] as const;

describe('both changes of clocks', () => {
  const changes = [
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
    ...NEW_YORK.slice(tries(1, 0)),
    ['America/Havana', '2026-03-08T05:00:00Z', '2026-11-01T05:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-04-04T15:00:00Z'],
  ] as const;
  const cases = changes.flatMap(([zone, forward, back]) => [
    [zone, 'forward', at(forward)] as const,
    [zone, 'back', at(back)] as const,
  ]);

  describe.each(cases)('in %s, clocks put %s', (zone, _, change) => {
    const quarter = cronRule('*/15 * * * *', zone, 30 * MINUTE);
    const rules = {
      'a set of single hours': cronRule('0,30 0,1,2,3,4,5 * * *', zone, 19 * HOUR),
      'a daily set that looks back a day': cronRule('0 6 * * *', zone, DAY),
      'a daily set at the hour that is changed': cronRule('15 2 * * *', zone, DAY),
      'a stream of every hour': makeRule(
        { schedule: { kind: 'cron', cron: '0 * * * *', timezone: zone, lookbackMs: null }, lookbackMs: HOUR },
        { identity: EVENT },
      ),
    };
    const nearHits = { from: change - 4 * HOUR, to: change + 4 * HOUR, everyMs: 7 * MINUTE };

    it.each(Object.entries(rules))('%s tells each hit once, with no gap', async (_name, rule) => {
      // A rule looks back a day at most, from its first run on and behind the last hit; of one that looks back an hour, hours are enough.
      const back = rule.lookbackMs > HOUR ? DAY : tries(6 * HOUR, DAY);
      const near = back + 2 * HOUR;
      const hits = { from: change - near, to: change + near, everyMs: 17 * MINUTE };
      const { bench, told, health, ledger, rows } = benchWith(change - 2 * back - 3 * HOUR, hits);
      await runUntil(bench, rule, change + 2 * back + 3 * HOUR);
      expect(told()).toEqual(rows.map(() => 1));
      expect([health(), await ledger(rule)]).toEqual([[], []]);
    });

    it.each([
      ['runs on', [0, 0]],
      ['is down over the change', [change - 2 * HOUR, change + 2 * HOUR]],
    ] as const)('a set of every quarter of an hour that %s tells each hit once, with no gap', async (_name, away) => {
      const { bench, told, health, ledger, rows } = benchWith(change - 5 * HOUR, nearHits);
      await runUntil(bench, quarter, change + 5 * HOUR, away);
      expect(told()).toEqual(rows.map(() => 1));
      expect([health(), await ledger(quarter)]).toEqual([[], []]);
    });
  });

  it('a cron of every quarter of an hour in Berlin has 92 and 100 runs on the two days, in a backtest, too', () => {
    const rule = cronRule('*/15 * * * *', 'Europe/Berlin', 30 * MINUTE);
    const runsOn = (from: string, to: string): number => {
      const delay = 2 * MINUTE;
      const range = { from: at(from) - delay - 1, to: at(to) - delay - 1 };
      const limits = { now: at(to) + DAY, retentionMs: 30 * DAY, settings: DEFAULT_WINDOW_SETTINGS };
      return planBacktest(rule, range, limits).times.length;
    };
    expect(runsOn('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toBe(92);
    expect(runsOn('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toBe(100);
  });
});

describe('a set that runs on weekdays and looks back a day', () => {
  const FRIDAY = at('2026-01-09T06:00:00Z');
  const pause = { from: FRIDAY - 2 * MINUTE, to: FRIDAY + 2 * DAY - 2 * MINUTE };
  const hits = { from: FRIDAY - DAY, to: FRIDAY + 4 * DAY, everyMs: HOUR };

  async function twoWeeks(over: Partial<Schedule>) {
    const rule = cronRule('0 6 * * 1-5', 'UTC', DAY, over);
    const played = benchWith(FRIDAY - 2 * DAY - HOUR, hits);
    await runUntil(played.bench, rule, FRIDAY + 5 * DAY);
    const outside = played.rows.map(({ ingested }) => (ingested >= pause.from && ingested < pause.to ? 0 : 1));
    return { told: played.told(), outside, health: played.health(), ledger: await played.ledger(rule) };
  }

  it('records Friday to Sunday, and tells it as a gap', async () => {
    const { told, outside, health, ledger } = await twoWeeks({});
    expect(told).toEqual(outside);
    expect(ledger).toMatchObject([{ ...pause, outcome: 'unscheduled', reason: expect.stringContaining('lookback') }]);
    expect(health.map((alert) => [alert.health?.code, alert.status])).toEqual([
      ['gap', 'firing'],
      ['gap', 'resolved'],
    ]);
    expect(health[0]?.description).toContain('2026-01-09T05:58:00.000Z to 2026-01-11T05:58:00.000Z');
  });

  it('records it and tells nobody where pauses are accepted', async () => {
    const { told, outside, health, ledger } = await twoWeeks({ pauses: 'accepted' });
    expect(told).toEqual(outside);
    expect(ledger).toMatchObject([{ ...pause, outcome: 'unscheduled' }]);
    expect(health).toEqual([]);
  });

  it('tells a pause once for as long as every run leaves one', async () => {
    const schedule = { kind: 'every', everyMs: HOUR, lookbackMs: null } as const;
    const rule = { ...cronRule('* * * * *', 'UTC', 30 * MINUTE), schedule };
    const { bench, health, ledger } = benchWith(FRIDAY, hits);
    await runUntil(bench, rule, FRIDAY + 6 * HOUR);
    expect(health()).toHaveLength(1);
    expect((await ledger(rule)).map((entry) => [entry.outcome, entry.to - entry.from])).toEqual(
      Array(5).fill(['unscheduled', 30 * MINUTE]),
    );
  });

  it('closes what a change of clocks tears open by a run of its own, unless pauses are accepted', async () => {
    const change = at('2026-10-25T01:00:00Z');
    const daily = (over: Partial<Schedule>) => cronRule('0 6 * * *', 'Europe/Berlin', DAY, over);
    const around = { from: change - DAY, to: change + DAY, everyMs: HOUR };
    const closed = benchWith(change - 2 * DAY, around);
    expect(await runUntil(closed.bench, daily({}), change + DAY)).toContain(change + 4 * HOUR);
    expect(await closed.ledger(daily({}))).toEqual([]);
    const meant = benchWith(change - 2 * DAY, around);
    await runUntil(meant.bench, daily({ pauses: 'accepted' }), change + DAY);
    expect(await meant.ledger(daily({}))).toMatchObject([{ outcome: 'unscheduled' }]);
    const [hour] = await meant.ledger(daily({}));
    expect((hour?.to ?? 0) - (hour?.from ?? 0)).toBe(HOUR);
  });
});
