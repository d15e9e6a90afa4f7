import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { QueryRequest } from '../../src/sources/source.ts';
import { openBench } from './bench.ts';
import { makeRule } from './make-rule.ts';
import { plantedSource, timeout } from './planted-source.ts';
import { COLUMNS, DAY, HOUR, MINUTE, T0 } from './story.ts';
import { planted, setUp } from './turn-bench.ts';

/** The rule's own queries are too heavy; any other is answered. */
const heavy = ({ ruleId }: QueryRequest) => (ruleId === 'clock' ? null : timeout());

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
    const { bench, health } = setUp([], heavy);
    await bench.turn(grouped);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      await bench.clock.advance(HOUR - 1);
      expect(await bench.turn(grouped, 'backlog')).toBeNull();
      await bench.clock.advance(1);
      expect(await bench.turn(grouped, 'backlog')).not.toBeNull();
    }
    await bench.clock.advance(6 * HOUR);
    expect(await bench.turn(grouped, 'backlog')).toBeNull();
    const gap = health().find((alert) => alert.health?.code === 'gap');
    expect(gap?.description).toContain('failed 5 times');
    expect((await bench.store.ruleState('default', 'rule'))?.ledger).toMatchObject([{ outcome: 'gap' }]);
  });

  it('is not given up after an outage, however often it was asked: nothing else was answered either', async () => {
    let down = true;
    const { bench, health } = setUp([planted(1, T0 - HOUR), planted(1, T0 - HOUR)], () => (down ? timeout() : null));
    await bench.turn(grouped);
    for (let attempt = 2; attempt <= 10; attempt += 1) {
      await bench.clock.advance(4000);
      await bench.turn(grouped, 'backlog');
    }
    const state = await bench.store.ruleState('default', 'rule');
    expect(state?.ledger).toMatchObject([{ outcome: 'pending', attempts: 0 }]);
    expect(health().map((alert) => alert.health?.code)).toEqual(['rule-failing']);
    down = false;
    await bench.clock.advance(MINUTE);
    expect((await bench.turn(grouped, 'backlog'))?.run.outcome).toBe('ok');
  });

  it('asks for the service where nothing else was asked, and counts that call', async () => {
    const { bench } = setUp([], heavy);
    const report = await bench.turn(grouped);
    expect(report?.answer).toMatchObject({ kind: 'failed', counts: true, calls: 2 });
    expect((await bench.tenant.meter.usage()).callsLastHour).toBe(2);
  });

  it.each([
    ['answered', true],
    ['not answered', false],
  ])('does not ask where another query of the tenant was %s meanwhile', async (_, answered) => {
    let other = 0;
    const { bench } = setUp([], () => {
      void bench.tenant.meter.end(other, 5, answered);
      return timeout();
    });
    const admission = await bench.tenant.meter.admit('high');
    if (admission.kind === 'go') other = admission.call;
    const report = await bench.turn(grouped);
    expect(report?.answer).toMatchObject({ kind: 'failed', counts: answered, calls: 1 });
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
    const course = [
      ['backlog', true],
      ['due', false],
      ['backlog', true],
      ['backlog', true],
      ['due', false],
    ] as const;
    for (const [kind, fails] of course) {
      down = fails;
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
