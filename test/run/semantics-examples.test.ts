/** @jest-environment-options {"kql": true} */
import { describe, expect, it } from '@jest/globals';
import type { RawRow } from '../../src/engine/data/row-table.ts';
import { createAnalyst } from '../../src/kql/analyst.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { parseRules } from '../../src/rules/load-rules.ts';
import { prepareRules } from '../../src/rules/prepare-rules.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import type { QueryRequest } from '../../src/sources/source.ts';
import { ruleText } from '../rules/rule-text.ts';
import { openBench } from './bench.ts';
import { timeout } from './planted-source.ts';
import { DAY, HOUR, MINUTE, T0 } from './story.ts';
import { tablesSource } from './tables-source.ts';

const analyst = createAnalyst({ form: 'in-process' });

async function ruleOf(keys: Readonly<Record<string, string>>): Promise<RunnableRule> {
  const { rules, problems } = parseRules('rule.yaml', ruleText(keys));
  const prepared = await prepareRules(rules, analyst);
  const [rule] = prepared.rules;
  if (!rule) throw new Error(JSON.stringify([...problems, ...prepared.problems]));
  return rule;
}

const iso = (time: number): string => new Date(time).toISOString();

/** A row that happened at `at` and arrived then, or at `arrived`. Each has a report id of its own. */
let reports = 0;
function event(at: number, cells: RawRow, arrived = at): RawRow {
  reports += 1;
  return {
    Timestamp: iso(at),
    ReportId: reports,
    DeviceId: 'd1',
    DeviceName: 'pc1',
    ...cells,
    _ingested: iso(arrived),
  };
}

function setUp(
  tables: Readonly<Record<string, RawRow[]>>,
  start = T0,
  fails: (request: QueryRequest) => HuntwireError | null = () => null,
) {
  const bench = openBench({ start, source: (clock) => tablesSource({ tables, now: clock.now, fails }) });
  const detections = () => bench.told.filter((alert) => alert.kind === 'detection');
  const run = async (rule: RunnableRule, wait: number) => {
    await bench.clock.advance(wait);
    const report = await bench.turn(rule);
    expect(report?.run.error ?? null).toBeNull();
    return report;
  };
  return { bench, detections, run };
}

describe('a join with DeviceInfo', () => {
  it('finds the device of a new event although its row is most of a day old', async () => {
    const rule = await ruleOf({
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
    const { detections, run } = setUp(tables);
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
    const rule = await ruleOf(FIRST_SEEN);
    let down = false;
    const tables = {
      DeviceProcessEvents: [
        event(T0 - 10 * DAY, { SHA1: 'known' }),
        event(T0 + 20 * MINUTE, { SHA1: 'known' }),
        event(T0 + 20 * MINUTE, { SHA1: 'new' }),
      ],
    };
    const { bench, detections, run } = setUp(tables, T0, () =>
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
    const rule = await ruleOf({
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
    const { detections, run } = setUp({
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
    const rule = await ruleOf({
      query: `|
  DeviceEvents
  | mv-expand Item = parse_json(AdditionalFields).items to typeof(string)
  | project Timestamp, DeviceId, DeviceName, ReportId, Item`,
    });
    const AdditionalFields = JSON.stringify({ items: ['a', 'b', 'c', 'd', 'e'] });
    const { detections, run } = setUp({ DeviceEvents: [event(T0 - 5 * MINUTE, { AdditionalFields })] });
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
    const rule = await ruleOf({});
    const cells = { FileName: 'x.exe' };
    const late = event(friday, cells, monday);
    const later = event(friday - DAY, cells, monday);
    const { bench, detections, run } = setUp({ DeviceProcessEvents: [late, later] }, friday);
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
    const rule = await ruleOf({ schedule: '{every: 1h}' });
    const rows = [10, 35, 65, 110].map((minutes) => event(T0 + minutes * MINUTE, { FileName: 'x.exe' }));
    const { bench, detections, run } = setUp({ DeviceProcessEvents: rows }, T0, heavy);
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
    const rule = await ruleOf({
      exceptions: '[{where: {DeviceName: [build-01]}, reason: CI, owner: team, expires: 2026-01-11}]',
    });
    const midnight = Date.parse('2026-01-11T00:00:00Z');
    const cells = { FileName: 'x.exe', DeviceName: 'build-01' };
    const [before, after] = [event(midnight - MINUTE, cells), event(midnight, cells)];
    const { bench, detections, run } = setUp({ DeviceProcessEvents: [before, after] }, midnight - 10 * MINUTE);
    await run(rule, 0);
    const report = await run(rule, 15 * MINUTE);
    expect(detections().map((alert) => alert.evidence[0]?.ReportId)).toEqual([after.ReportId]);
    expect(report?.run).toMatchObject({ hits: 2, suppressed: { excepted: 1 } });
    await run(rule, 12 * MINUTE);
    expect(bench.told).toHaveLength(1);
  });
});
