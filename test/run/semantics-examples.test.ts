import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { QueryRequest } from '../../src/sources/source.ts';
import { analyzedRule, event, setUpTables } from './example-bench.ts';
import { timeout } from './planted-source.ts';
import { DAY, HOUR, MINUTE, T0 } from './story.ts';

describe('a join with DeviceInfo', () => {
  it('finds the device of a new event although its row is most of a day old', async () => {
    const rule = await analyzedRule({
      query: `|
  DeviceProcessEvents
  | where FileName =~ "x.exe"
  | join kind=inner (DeviceInfo | summarize arg_max(Timestamp, OSPlatform) by DeviceId | project DeviceId, OSPlatform) on DeviceId
  | project Timestamp, DeviceId, DeviceName, ReportId, OSPlatform`,
    });
    const tables = {
      DeviceInfo: [
        event(T0 - 20 * HOUR, { OSPlatform: 'Windows11' }),
        event(T0 - 8 * DAY, { DeviceId: 'd2', OSPlatform: 'Old' }),
      ],
      DeviceProcessEvents: [
        event(T0 + 5 * MINUTE, { FileName: 'x.exe' }),
        event(T0 + 5 * MINUTE, { FileName: 'x.exe', DeviceId: 'd2' }),
      ],
    };
    const { detections, run } = setUpTables(tables);
    expect(rule.effectiveShape).toBe('stream');
    await run(rule, 0);
    await run(rule, 15 * MINUTE);
    await run(rule, 15 * MINUTE);
    expect(detections().map((alert) => alert.evidence)).toEqual([
      [expect.objectContaining({ OSPlatform: 'Windows11' })],
    ]);
  });
});

describe('a first-seen rule over 14 d', () => {
  const FIRST_SEEN = {
    query: `|
  let baseline = DeviceProcessEvents | where Timestamp between (ago(14d) .. ago(1h)) | distinct SHA1;
  DeviceProcessEvents
  | where SHA1 !in (baseline)
  | summarize Devices = dcount(DeviceId) by SHA1`,
    schedule: '{every: 1h, lookback: 14d}',
  };

  it('tells what was new in a run that failed, and nothing that only looks new later', async () => {
    const rule = await analyzedRule(FIRST_SEEN);
    let down = false;
    const tables = {
      DeviceProcessEvents: [
        event(T0 - 10 * DAY, { SHA1: 'known' }),
        event(T0 + 20 * MINUTE, { SHA1: 'known' }),
        event(T0 + 20 * MINUTE, { SHA1: 'new' }),
      ],
    };
    const { bench, detections, run } = setUpTables(tables, T0, () =>
      down ? new HuntwireError('SOURCE_SERVER', 'HTTP 500', { retryable: true }) : null,
    );
    await run(rule, 0);
    down = true;
    await bench.clock.advance(HOUR);
    expect((await bench.turn(rule))?.run.outcome).toBe('failed');
    down = false;
    await run(rule, HOUR);
    expect(detections()).toEqual([]);
    await bench.turn(rule, 'backlog');
    expect(detections().map((alert) => alert.evidence[0]?.SHA1)).toEqual(['new']);
  });
});

describe('a threshold', () => {
  it('that is reached only across two runs is told once', async () => {
    const rule = await analyzedRule({
      query: `|
  DeviceLogonEvents
  | where ActionType == "LogonFailed"
  | summarize Failures = count() by AccountName
  | where Failures >= 10`,
      schedule: '{every: 1h, lookback: 2h}',
    });
    const failures = (from: number) =>
      Array.from({ length: 6 }, (_, index) =>
        event(from + index * MINUTE, { ActionType: 'LogonFailed', AccountName: 'kim' }),
      );
    const { detections, run } = setUpTables({
      DeviceLogonEvents: [...failures(T0 + 10 * MINUTE), ...failures(T0 + 70 * MINUTE)],
    });
    for (const wait of [0, HOUR]) await run(rule, wait);
    expect(detections()).toEqual([]);
    for (let hour = 0; hour < 4; hour += 1) await run(rule, HOUR);
    expect(detections().map((alert) => alert.evidence)).toEqual([[{ AccountName: 'kim', Failures: 12 }]]);
  });
});

describe('five rows that mv-expand makes of one event', () => {
  it('are five alerts, each once, also where windows overlap', async () => {
    const rule = await analyzedRule({
      query: `|
  DeviceEvents
  | mv-expand Item = parse_json(AdditionalFields).items to typeof(string)
  | project Timestamp, DeviceId, DeviceName, ReportId, Item`,
    });
    const AdditionalFields = JSON.stringify({ items: ['a', 'b', 'c', 'd', 'e'] });
    const { detections, run } = setUpTables({ DeviceEvents: [event(T0 - 5 * MINUTE, { AdditionalFields })] });
    await run(rule, 0);
    const second = await run(rule, 15 * MINUTE);
    expect(
      detections()
        .map((alert) => String(alert.evidence[0]?.Item))
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(new Set(detections().map((alert) => alert.id)).size).toBe(5);
    expect(second?.run.suppressed.duplicate).toBe(5);
  });
});

describe('a laptop that comes back on Monday', () => {
  it('is heard as far back as lateness promises, and no further by the normal run', async () => {
    const monday = Date.parse('2026-01-12T08:00:00Z');
    const friday = Date.parse('2026-01-09T20:00:00Z');
    const rule = await analyzedRule({});
    const cells = { FileName: 'x.exe' };
    const late = event(friday, cells, monday);
    const later = event(friday - DAY, cells, monday);
    const { bench, detections, run } = setUpTables({ DeviceProcessEvents: [late, later] }, friday);
    await run(rule, 0);
    await run(rule, monday + HOUR - friday);
    while (await bench.turn(rule, 'backlog'));
    expect(detections().map((alert) => alert.evidence[0]?.ReportId)).toEqual([late.ReportId]);
  });
});

describe('a rule that is too heavy for its window', () => {
  const BOUNDS = /ingestion_time\(\) >= datetime\(([^)]+)\) and ingestion_time\(\) < datetime\(([^)]+)\)/;

  it('is asked in halves after a 504, tells every hit once and remembers what worked', async () => {
    let calls = 0;
    const heavy = (request: QueryRequest): HuntwireError | null => {
      calls += 1;
      const [, from = '', to = ''] = BOUNDS.exec(request.query) ?? [];
      return Date.parse(to) - Date.parse(from) > 40 * MINUTE ? timeout() : null;
    };
    const rule = await analyzedRule({ schedule: '{every: 1h}' });
    const rows = [10, 35, 65, 110].map((minutes) => event(T0 + minutes * MINUTE, { FileName: 'x.exe' }));
    const { bench, detections, run } = setUpTables({ DeviceProcessEvents: rows }, T0, heavy);
    for (const wait of [0, HOUR, HOUR]) await run(rule, wait);
    expect(new Set(detections().map((alert) => alert.evidence[0]?.ReportId))).toEqual(
      new Set(rows.map((row) => row.ReportId)),
    );
    expect(detections()).toHaveLength(rows.length);
    calls = 0;
    const report = await run(rule, HOUR);
    expect([report?.run.truncated, calls]).toEqual([false, report?.run.calls]);
    expect(calls).toBeLessThanOrEqual(3);
    expect((await bench.store.ruleState('default', rule.id))?.ledger).toEqual([]);
  });
});

describe('an exception', () => {
  it('that expires at midnight goes by the event, whenever the run asks', async () => {
    const rule = await analyzedRule({
      exceptions: '[{where: {DeviceName: [build-01]}, reason: CI, owner: team, expires: 2026-01-11}]',
    });
    const midnight = Date.parse('2026-01-11T00:00:00Z');
    const cells = { FileName: 'x.exe', DeviceName: 'build-01' };
    const [before, after] = [event(midnight - MINUTE, cells), event(midnight, cells)];
    const { bench, detections, run } = setUpTables({ DeviceProcessEvents: [before, after] }, midnight - 10 * MINUTE);
    await run(rule, 0);
    const report = await run(rule, 15 * MINUTE);
    expect(detections().map((alert) => alert.evidence[0]?.ReportId)).toEqual([after.ReportId]);
    expect(report?.run).toMatchObject({ hits: 2, suppressed: { excepted: 1 } });
    await run(rule, 12 * MINUTE);
    expect(bench.told).toHaveLength(1);
  });
});
