import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { type PlantedRow, plantedSource, timeout } from './planted-source.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = Date.parse('2026-01-10T12:00:00Z');
const COLUMNS = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'DeviceId', type: 'string' },
  { name: 'DeviceName', type: 'string' },
  { name: 'ReportId', type: 'long' },
] as const;
const EVENT = { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'] } as const;

function planted(id: number, ingested: number, over: Partial<{ at: number; device: string }> = {}): PlantedRow {
  const device = over.device ?? 'pc1';
  const Timestamp = new Date(over.at ?? ingested - MINUTE).toISOString();
  return { ingested, row: { Timestamp, DeviceId: device, DeviceName: device, ReportId: id } };
}

function setUp(rows: PlantedRow[], fails: (() => HuntwireError | null) | null = null) {
  const bench = openBench({
    start: T0,
    source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now, ...(fails && { fails }) }),
  });
  return {
    bench,
    detections: () => bench.told.filter((alert) => alert.kind === 'detection'),
    health: () => bench.told.filter((alert) => alert.kind === 'health'),
  };
}

const stream = makeRule({}, { identity: EVENT });

describe('a stream rule', () => {
  it('tells each hit once although windows overlap', async () => {
    const rows = [planted(1, T0 - 30 * MINUTE), planted(2, T0 + 20 * MINUTE)];
    const { bench, detections } = setUp(rows);
    await bench.turn(stream);
    await bench.clock.advance(HOUR);
    const second = await bench.turn(stream);
    await bench.clock.advance(HOUR);
    const third = await bench.turn(stream);
    expect(detections().map((alert) => alert.evidence[0]?.ReportId)).toEqual([1, 2]);
    expect(second?.run.suppressed.duplicate).toBe(0);
    expect(third?.run.hits).toBe(0);
  });

  it('finds a row that became visible after its window was asked, within the settle time', async () => {
    const rows: PlantedRow[] = [];
    const { bench, detections } = setUp(rows);
    await bench.turn(stream);
    rows.push(planted(1, T0 - 5 * MINUTE));
    await bench.clock.advance(HOUR);
    await bench.turn(stream);
    expect(detections()).toHaveLength(1);
  });

  it('covers later what failed, and says so with an alert and its resolve', async () => {
    let down = false;
    const { bench, detections, health } = setUp([planted(1, T0 + 30 * MINUTE)], () =>
      down ? new HuntwireError('SOURCE_NETWORK', 'connection refused', { retryable: true }) : null,
    );
    await bench.turn(stream);
    down = true;
    await bench.clock.advance(HOUR);
    const failed = await bench.turn(stream);
    expect(failed?.run).toMatchObject({ outcome: 'failed', error: { code: 'SOURCE_NETWORK' } });
    expect(detections()).toEqual([]);
    down = false;
    await bench.clock.advance(15 * MINUTE);
    await bench.turn(stream, 'backlog');
    expect(detections()).toHaveLength(1);
    expect(health().map((alert) => [alert.health?.code, alert.status, alert.revision])).toEqual([
      ['rule-failing', 'firing', 0],
      ['rule-failing', 'resolved', 1],
    ]);
    expect(new Set(health().map((alert) => alert.id)).size).toBe(1);
  });

  it('is blocked, not failing, by a query the service refuses, and keeps its window', async () => {
    const { bench, health } = setUp([], () => new HuntwireError('SOURCE_QUERY_INVALID', 'no such column'));
    const report = await bench.turn(stream);
    expect(report?.run.outcome).toBe('blocked');
    expect(report?.commit.rule.ledger).toHaveLength(1);
    expect(health()).toMatchObject([{ health: { code: 'rule-blocked', subject: 'rule' }, status: 'firing' }]);
  });

  it('says nothing of a throttled run but that its window is pending', async () => {
    const { bench, health } = setUp(
      [],
      () => new HuntwireError('SOURCE_THROTTLED', 'slow down', { retryable: true, retryAfterMs: 8000 }),
    );
    const report = await bench.turn(stream);
    expect(report?.run.outcome).toBe('throttled');
    expect(health()).toEqual([]);
    expect((await bench.tenant.meter.usage()).pausedUntil).toBe(T0 + 8000);
  });

  it('leaves nothing behind when the commit fails, and tells the same id the next time', async () => {
    let killed = true;
    const ids: string[] = [];
    const bench = openBench({
      start: T0,
      source: (clock) =>
        plantedSource({ columns: COLUMNS, rows: () => [planted(1, T0 - 30 * MINUTE)], now: clock.now }),
      beforeCommit: () => {
        if (killed) throw new HuntwireError('STATE_FULL', 'the disk is full');
      },
    });
    await expect(bench.turn(stream)).rejects.toMatchObject({ code: 'STATE_FULL' });
    expect(await bench.store.ruleState('default', 'rule')).toBeNull();
    killed = false;
    await bench.turn(stream);
    ids.push(...bench.told.map((alert) => alert.id));
    expect(ids).toHaveLength(1);
  });

  it('merges what was missed and asks no more than a slice at once', async () => {
    const rows = [planted(1, T0 + 90 * MINUTE), planted(2, T0 + 5 * HOUR)];
    const { bench, detections } = setUp(rows);
    await bench.turn(stream);
    await bench.clock.advance(6 * HOUR);
    let report = await bench.turn(stream);
    for (let left = 10; left > 0 && report?.commit.rule.ledger.length; left -= 1)
      report = await bench.turn(stream, 'backlog');
    expect(report?.commit.rule.ledger).toEqual([]);
    expect(detections()).toHaveLength(2);
  });
});

describe('the clock', () => {
  it('follows the service when ours is fast: no row falls between', async () => {
    const rows = [planted(1, T0 - 3 * MINUTE - 30_000)];
    const fast = 3 * MINUTE;
    const bench = openBench({
      start: T0,
      source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: () => clock.now() - fast }),
    });
    await bench.turn(stream);
    rows.push(planted(2, T0 - 2 * MINUTE - 10_000));
    await bench.clock.advance(10 * MINUTE);
    const report = await bench.turn(stream);
    expect(report?.run.logicalTime).toBe(T0 + 10 * MINUTE - fast - 2 * MINUTE);
    const told = bench.told.filter((alert) => alert.kind === 'detection');
    expect(new Set(told.flatMap((alert) => alert.evidence.map((row) => row.ReportId)))).toEqual(new Set([1, 2]));
    expect(bench.told.some((alert) => alert.health?.code === 'clock-skew' && alert.status === 'firing')).toBe(true);
  });
});

describe('a set rule', () => {
  const grouped = makeRule(
    {
      effectiveShape: 'set',
      lookbackMs: 4 * HOUR,
      threshold: { measure: 'rows', column: null, operator: '>=', value: 2, groupBy: ['DeviceId'] },
      alert: { ...makeRule().alert, per: 'group' },
    },
    { shape: 'set', identity: { kind: 'columns', columns: ['DeviceId', 'ReportId'] } },
  );

  it('finds a partner event five minutes later, in another run', async () => {
    const rows = [planted(1, T0 - 4 * MINUTE)];
    const { bench, detections } = setUp(rows);
    await bench.turn(grouped);
    expect(detections()).toEqual([]);
    rows.push(planted(2, T0 + MINUTE));
    await bench.clock.advance(HOUR);
    await bench.turn(grouped);
    expect(detections()).toMatchObject([{ rowCount: 2 }]);
  });

  it('tells a count that changes in overlapping windows once, and again after its quiet time', async () => {
    const rows = [planted(1, T0 - HOUR), planted(2, T0 - HOUR)];
    const { bench, detections } = setUp(rows);
    await bench.turn(grouped);
    rows.push(planted(3, T0 + 10 * MINUTE));
    await bench.clock.advance(HOUR);
    const second = await bench.turn(grouped);
    expect(detections()).toHaveLength(1);
    expect(second?.run.hits).toBe(second?.run.suppressed.quiet);
    rows.push(planted(4, T0 + 5 * HOUR), planted(5, T0 + 5 * HOUR));
    await bench.clock.advance(5 * HOUR);
    await bench.turn(grouped);
    expect(detections().map((alert) => alert.suppressedCount)).toEqual([0, 1]);
    expect(new Set(detections().map((alert) => alert.id)).size).toBe(2);
  });

  it('becomes a gap, told, after five failures of its own', async () => {
    const { bench, health } = setUp([], timeout);
    await bench.turn(grouped);
    for (let attempt = 2; attempt <= 5; attempt += 1) await bench.turn(grouped, 'backlog');
    expect(await bench.turn(grouped, 'backlog')).toBeNull();
    const gap = health().find((alert) => alert.health?.code === 'gap');
    expect(gap?.description).toContain('failed 5 times');
    expect((await bench.store.ruleState('default', 'rule'))?.ledger).toMatchObject([{ outcome: 'gap' }]);
  });

  it('counts only failures of its own: windows that overlap do not add up', async () => {
    const { bench, health } = setUp([], timeout);
    for (let hour = 0; hour < 6; hour += 1) {
      const report = await bench.turn(grouped);
      expect(report?.commit.rule.ledger.map((entry) => entry.attempts).filter((attempts) => attempts > 1)).toEqual([]);
      await bench.clock.advance(HOUR);
    }
    expect(health().map((alert) => alert.health?.code)).toEqual(['rule-failing']);
  });

  it('tells a failure that comes back with the same window as another alert', async () => {
    let down = true;
    const { bench, health } = setUp([], () =>
      down ? new HuntwireError('SOURCE_SERVER', 'HTTP 500', { retryable: true }) : null,
    );
    const first = await bench.turn(grouped);
    for (const kind of ['due', 'backlog', 'due'] as const) {
      down = !down;
      await bench.clock.advance(kind === 'due' ? 15 * MINUTE : MINUTE);
      const report = await bench.turn(grouped, kind);
      if (kind === 'backlog') expect(report?.run.logicalTime).toBe(first?.run.logicalTime);
    }
    expect(health().map((alert) => [alert.status, alert.revision])).toEqual([
      ['firing', 0],
      ['resolved', 1],
      ['firing', 0],
      ['resolved', 1],
    ]);
    expect(new Set(health().map((alert) => alert.id)).size).toBe(2);
  });

  it('tells nothing old when its lookback grows from 1 h to 14 d', async () => {
    const short = makeRule({ ...grouped, lookbackMs: 4 * HOUR }, grouped.prepared);
    const long = makeRule({ ...grouped, lookbackMs: 14 * DAY }, grouped.prepared);
    const rows = [planted(1, T0 - 5 * DAY), planted(2, T0 - 5 * DAY)];
    const { bench, detections } = setUp(rows);
    await bench.turn(short);
    await bench.clock.advance(HOUR);
    const report = await bench.turn(long);
    expect(detections()).toEqual([]);
    expect(report?.run.suppressed.duplicate).toBe(1);
    await bench.clock.advance(HOUR);
    await bench.turn(long);
    expect(detections()).toEqual([]);
    rows.push(planted(3, T0 + 90 * MINUTE), planted(4, T0 + 90 * MINUTE));
    await bench.clock.advance(HOUR);
    await bench.turn(long);
    expect(detections()).toHaveLength(1);
  });

  it('is told with truncated true and a health alert when the answer is cut short', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => planted(index, T0 - HOUR));
    const bench = openBench({
      start: T0,
      source: (clock) => plantedSource({ columns: COLUMNS, rows: () => rows, now: clock.now, maxRows: 5 }),
    });
    await bench.turn(grouped);
    expect(bench.told.map((alert) => [alert.kind, alert.truncated, alert.health?.code])).toEqual([
      ['detection', true, undefined],
      ['health', false, 'truncated'],
    ]);
  });
});

describe('status', () => {
  it('testing records and delivers nothing, and what it saw is not told when the rule is enabled', async () => {
    const rows = [planted(1, T0 - 30 * MINUTE)];
    const { bench, detections } = setUp(rows);
    const report = await bench.turn({ ...stream, status: 'testing' });
    expect(report?.run).toMatchObject({ outcome: 'ok', rows: 1, alerts: 0 });
    rows.push(planted(2, T0 + 30 * MINUTE));
    await bench.clock.advance(HOUR);
    await bench.turn(stream);
    expect(detections().map((alert) => alert.evidence[0]?.ReportId)).toEqual([2]);
  });

  it('disabled leaves a ledger entry and no alert', async () => {
    const { bench, health } = setUp([]);
    const first = await bench.turn(stream);
    const state = first?.commit.rule;
    if (!first || !state) throw new Error('no run');
    const trait = JSON.stringify({ ...JSON.parse(state.ruleTrait ?? '{}'), status: 'disabled' });
    await bench.deps.store.commit({
      ...first.commit,
      alerts: [],
      messages: [],
      rule: { ...state, ruleTrait: trait },
      run: { ...first.run, runId: 'off' },
    });
    await bench.clock.advance(10 * HOUR);
    const report = await bench.turn(stream);
    expect(report?.commit.rule.ledger).toMatchObject([{ outcome: 'disabled', from: first.run.logicalTime }]);
    expect(report?.run.window?.from).toBe((report?.run.logicalTime ?? 0) - HOUR - 10 * MINUTE);
    expect(health()).toEqual([]);
  });
});
