import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { createTimetable } from '../../src/run/schedule.ts';
import { openBench } from '../run/bench.ts';
import { makeRule } from '../run/make-rule.ts';
import { type PlantedOptions, type PlantedRow, plantedSource, timeout } from '../run/planted-source.ts';
import { COLUMNS, DAY, EVENT, HOUR, MINUTE } from '../run/story.ts';
import { backtestBench } from './backtest-bench.ts';

const NOW = Date.parse('2026-01-20T12:00:00Z');
const START = NOW - 2 * DAY;
const END = START + 12 * HOUR;

/** A row that arrives `minutes` after the start of the backtest. */
function planted(id: number, minutes: number, device = `pc${id}`): PlantedRow {
  const ingested = START + minutes * MINUTE;
  const Timestamp = new Date(ingested - MINUTE).toISOString();
  return { ingested, row: { Timestamp, DeviceId: device, DeviceName: device, ReportId: id } };
}

function spread(count: number, apart: number): PlantedRow[] {
  return Array.from({ length: count }, (_, id) => planted(id, 5 + id * apart));
}

function bench(rows: readonly PlantedRow[], over: Partial<PlantedOptions> = {}) {
  return backtestBench(NOW, (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now, ...over }));
}

const quarterly: RunnableRule = makeRule(
  { schedule: { kind: 'every', everyMs: 15 * MINUTE, lookbackMs: null }, lookbackMs: 15 * MINUTE },
  { identity: EVENT },
);
const set: RunnableRule = makeRule(
  { effectiveShape: 'set', lookbackMs: 6 * HOUR },
  { shape: 'set', identity: { kind: 'columns', columns: ['DeviceName'] } },
);

/** The alerts of a daemon that runs at every scheduled time from `START` to `END`. */
async function toldByDaemon(rule: RunnableRule, rows: readonly PlantedRow[]): Promise<readonly { id: string }[]> {
  const daemon = openBench({
    start: START,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now }),
  });
  const timetable = createTimetable(rule.schedule, rule.id);
  const end = END + 2 * MINUTE;
  for (let at = timetable.next(START + 2 * MINUTE) ?? end; at <= end; at = timetable.next(at) ?? end + 1) {
    await daemon.clock.advance(at - daemon.clock.now());
    await daemon.turn(rule, 'due', at);
  }
  return daemon.told.filter((alert) => alert.kind === 'detection' && alert.status === 'firing');
}

/** In one order: alerts of one window are told severest and newest first, and windows may be merged. */
function idsOf(alerts: readonly { readonly id: string }[]): readonly string[] {
  return alerts.map((alert) => alert.id).sort();
}

describe('a backtest', () => {
  it.each([
    ['a stream whose windows are merged', quarterly],
    [
      'a stream with quiet times',
      { ...quarterly, alert: { ...quarterly.alert, suppressMs: 3 * HOUR, dedupColumns: ['DeviceName'] } },
    ],
    ['a stream with a threshold', { ...quarterly, alert: { ...quarterly.alert, per: 'run' as const } }],
    ['a set with overlapping windows', set],
    ['a set with few alerts a run', { ...set, alert: { ...set.alert, limit: 2 } }],
  ])('tells the ids that real runs tell: %s', async (_, rule) => {
    const rows = Array.from({ length: 40 }, (_unused, id) => planted(id, 5 + id * 17, `pc${id % 7}`));
    const result = await bench(rows).run(rule, START, END);
    expect(idsOf(result.told)).toEqual(idsOf(await toldByDaemon(rule, rows)));
    expect(result.alerts).toBeGreaterThan(0);
  });

  it('counts the updates of alerts that go on, and not as alerts', async () => {
    const rows = Array.from({ length: 40 }, (_unused, id) => planted(id, 5 + id * 17, `pc${id % 7}`));
    const updates = { everyMs: HOUR, when: 'grown' } as const;
    const rule = { ...set, alert: { ...set.alert, updates, resolveAfterMs: 0 } };
    const result = await bench(rows).run(rule, START, END);
    const told = (await toldByDaemon(rule, rows)) as readonly { id: string; revision: number }[];
    const own = told.filter(({ revision }) => revision === 0);
    expect(idsOf(result.told)).toEqual(idsOf(own));
    expect([result.alerts, result.updates]).toEqual([own.length, told.length - own.length]);
    expect(result.updates).toBeGreaterThan(0);
    expect(result.told.every(({ rowKeys }) => rowKeys.length > 0)).toBe(true);
  });

  it('saves calls where several runs can share a window', async () => {
    const result = await bench(spread(10, 60)).run(quarterly, START, NOW);
    expect(result).toMatchObject({ alerts: 10, calls: 48, rows: 10, stopped: null, failures: [] });
  });

  it('runs a merged window again, one by one, where the limit would cut it', async () => {
    const limited = { ...quarterly, alert: { ...quarterly.alert, limit: 2 } };
    const rows = [...spread(4, 14), planted(100, 300)];
    const result = await bench(rows).run(limited, START, END);
    expect(result).toMatchObject({ alerts: 5, calls: 16, suppressed: { overflow: 0 } });
    expect(idsOf(result.told)).toEqual(idsOf(await toldByDaemon(limited, rows)));
  });

  it('counts rows, hits, suppressions, severities and days', async () => {
    const rows = [planted(1, 30), planted(2, 30 + 24 * 60), planted(3, 31 + 24 * 60)];
    const result = await bench(rows).run(set, START, NOW);
    expect(result.days).toEqual([
      { day: '2026-01-18', alerts: 1 },
      { day: '2026-01-19', alerts: 2 },
      { day: '2026-01-20', alerts: 0 },
    ]);
    expect(result).toMatchObject({ rows: 18, hits: 18, alerts: 3, suppressed: { duplicate: 15 } });
    expect(result.severities).toEqual({ informational: 0, low: 0, medium: 3, high: 0, critical: 0 });
    expect(result.dedupRatio).toBeCloseTo(15 / 18);
  });

  it('tells what a rule in testing would tell', async () => {
    const result = await bench([planted(1, 30)]).run({ ...quarterly, status: 'testing' }, START, NOW);
    expect(result.alerts).toBe(1);
  });

  it('delivers and remembers nothing outside: the same again tells the same', async () => {
    const one = bench(spread(5, 60));
    const first = await one.run(quarterly, START, NOW);
    expect(await one.run(quarterly, START, NOW)).toEqual(first);
  });

  it('tells after each window how far it is', async () => {
    const one = bench([]);
    await one.run(set, START, START + 6 * HOUR);
    expect(one.done).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('halves a stream window that is too heavy and keeps the slice', async () => {
    const results: number[] = [];
    const one = backtestBench(NOW, (clock) => {
      const source = plantedSource({ columns: COLUMNS, rows: () => [planted(1, 30)], now: clock.now });
      return {
        ...source,
        query: async (request, sink) => {
          const end = await source.query(request, sink);
          const [from, to] = source.asked.at(-1) ?? [0, 0];
          if (to - from > 40 * MINUTE) throw timeout();
          results.push(end.rows);
          return end;
        },
      };
    });
    const result = await one.run(quarterly, START, START + 3 * HOUR);
    expect(result).toMatchObject({ alerts: 1, windows: { failed: 0 } });
    expect(result.calls).toBeGreaterThan(result.windows.planned);
  });
});

/** Lets the backtest work without letting the injected clock go on; a few turns more, so that it sleeps by then. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe('a backtest that meets failures', () => {
  it('shows the windows that failed and goes on', async () => {
    let calls = 0;
    const one = bench([planted(1, 30), planted(2, 400)], {
      fails: () => (++calls === 3 ? new HuntwireError('SOURCE_LIMITS_EXCEEDED', 'too much memory') : null),
    });
    const result = await one.run(set, START, START + 12 * HOUR);
    expect(result.failures).toMatchObject([{ code: 'SOURCE_LIMITS_EXCEEDED', message: 'too much memory' }]);
    expect(result.windows).toEqual({ planned: 12, answered: 11, failed: 1, truncated: 0, skipped: 0 });
    expect(result.alerts).toBe(2);
    expect(result.stopped).toBeNull();
  });

  it('asks again where a failure may pass', async () => {
    let calls = 0;
    const one = bench([planted(1, 30)], {
      fails: () => (++calls === 2 ? new HuntwireError('SOURCE_NETWORK', 'reset', { retryable: true }) : null),
    });
    const running = one.run(set, START, START + 3 * HOUR);
    await until(() => calls === 2);
    await one.clock.advance(MINUTE);
    expect(await running).toMatchObject({ calls: 4, failures: [], alerts: 1 });
  });

  it('waits where the service throttles it', async () => {
    let calls = 0;
    const slow = new HuntwireError('SOURCE_THROTTLED', 'slow down', { retryable: true, retryAfterMs: 30_000 });
    const one = bench([], { fails: () => (++calls === 1 ? slow : null) });
    const running = one.run(set, START, START + 2 * HOUR);
    await until(() => one.waits.length > 0);
    await one.clock.advance(MINUTE);
    expect(await running).toMatchObject({ calls: 3, failures: [], windows: { answered: 2 } });
    expect(one.waits).toEqual([30_000]);
  });

  it.each(['SOURCE_QUERY_INVALID', 'SOURCE_PERMISSION', 'SOURCE_AUTH'] as const)(
    'ends at once with %s',
    async (code) => {
      const one = bench([], { fails: () => new HuntwireError(code, 'no') });
      const result = await one.run(set, START, NOW);
      expect(result).toMatchObject({ calls: 1, stopped: { code, message: 'no' }, windows: { failed: 1, answered: 0 } });
    },
  );

  it('ends where window after window fails', async () => {
    const one = bench([], { fails: () => new HuntwireError('SOURCE_SERVER', 'broken') });
    const result = await one.run(set, START, NOW);
    expect(result).toMatchObject({ calls: 5, stopped: { code: 'SOURCE_SERVER' }, windows: { failed: 5 } });
  });

  it('ends with what is known when it is stopped', async () => {
    let calls = 0;
    const one = bench([planted(1, 30)], {
      fails: () => {
        if (++calls === 4) one.stop.abort();
        return null;
      },
    });
    const result = await one.run(set, START, NOW);
    expect(result).toMatchObject({ alerts: 1, stopped: { code: 'ABORTED' } });
    expect(result.windows.answered).toBeLessThanOrEqual(4);
  });

  it('ends with what is known while it waits', async () => {
    const slow = new HuntwireError('SOURCE_THROTTLED', 'slow down', { retryable: true, retryAfterMs: HOUR });
    const one = bench([], { fails: () => slow });
    const running = one.run(set, START, NOW);
    await until(() => one.waits.length > 0);
    one.stop.abort();
    expect(await running).toMatchObject({ stopped: { code: 'ABORTED' }, windows: { answered: 0 } });
  });
});
