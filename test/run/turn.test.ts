import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import { noteSwitched } from '../../src/run/empty/note-switched.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { type PlantedRow, plantedSource } from './planted-source.ts';
import { COLUMNS, EVENT, HOUR, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

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
    expect([detections(), health()]).toEqual([[], []]);
    await bench.clock.advance(MINUTE);
    await bench.turn(stream, 'backlog');
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
    expect((await bench.tenant.meter.usage()).pausedMs).toBe(8000);
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

  it('switched off for a moment leaves no more unsearched than that, however far away its next run is', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => planted(n, T0 + n * 30 * MINUTE));
    const { bench, detections, health } = setUp(rows);
    await bench.turn(stream);
    await bench.clock.advance(HOUR / 2);
    for (const status of ['disabled', 'disabled', 'enabled', 'enabled'] as const) {
      await noteSwitched({ ...bench.tenant, rules: [{ ...stream, status }] }, bench.deps);
      await bench.clock.advance(MINUTE);
    }
    const off = await bench.deps.store.ruleState('default', stream.id);
    expect(off?.ledger).toEqual([]);
    await bench.clock.advance(14 * HOUR);
    for (let report = await bench.turn(stream); report; report = await bench.turn(stream, 'backlog'))
      await bench.clock.advance(1);
    const found = detections().flatMap((alert) => alert.evidence.map((row) => row.ReportId));
    expect(found.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(health()).toEqual([]);
  });

  it('switched off for long has searched all that came while it was on', async () => {
    const { bench, detections } = setUp([planted(1, T0 + 20 * MINUTE), planted(2, T0 + 5 * HOUR)]);
    await bench.turn(stream);
    await bench.clock.advance(HOUR / 2);
    await noteSwitched({ ...bench.tenant, rules: [{ ...stream, status: 'disabled' }] }, bench.deps);
    await bench.clock.advance(10 * HOUR);
    await noteSwitched({ ...bench.tenant, rules: [stream] }, bench.deps);
    const on = await bench.deps.store.ruleState('default', stream.id);
    expect(on?.ledger.map(({ from, to, outcome }) => [(from - T0) / MINUTE, (to - T0) / MINUTE, outcome])).toEqual([
      [-2, 28, 'pending'],
      [28, 9.5 * 60 - 2, 'disabled'],
    ]);
    await bench.turn(stream);
    await bench.turn(stream, 'backlog');
    expect(detections().map((alert) => alert.evidence[0]?.ReportId)).toEqual([1]);
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
