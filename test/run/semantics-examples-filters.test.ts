import { describe, expect, it } from '@jest/globals';
import { analyzedRule, event, setUpTables } from './example-bench.ts';
import { DAY, HOUR, MINUTE, T0 } from './story.ts';

const EVIL = 'where FileName == "evil.exe" | project Timestamp, DeviceId, DeviceName, ReportId, FileName';

describe('an own ago(10m) in an hourly rule', () => {
  it.each([['ago(10m)'], ['ago(1h)']])('finds with %s what lies further back, and what arrives late', async (start) => {
    const query = `DeviceProcessEvents | where Timestamp > ${start} | ${EVIL}`;
    const rule = await analyzedRule({ query, schedule: '{every: 1h}' });
    const cells = { FileName: 'evil.exe' };
    const older = event(T0 + 20 * MINUTE, cells);
    const late = event(T0 - 3 * HOUR, cells, T0 + 50 * MINUTE);
    const { detections, run } = setUpTables({ DeviceProcessEvents: [older, late] });
    for (const wait of [0, HOUR, HOUR]) await run(rule, wait);
    const told = detections().map((alert) => alert.evidence[0]?.ReportId);
    expect(new Set(told)).toEqual(new Set([older.ReportId, late.ReportId]));
    expect(told).toHaveLength(2);
  });

  it('tells neither where the rule keeps its filters', async () => {
    const query = `DeviceProcessEvents | where Timestamp > ago(10m) | ${EVIL}`;
    const rule = await analyzedRule({ query, schedule: '{every: 1h}', window: '{keepFilters: true}' });
    const cells = { FileName: 'evil.exe' };
    const rows = [event(T0 + 20 * MINUTE, cells), event(T0 - 3 * HOUR, cells, T0 + 50 * MINUTE)];
    const { detections, run } = setUpTables({ DeviceProcessEvents: rows });
    for (const wait of [0, HOUR, HOUR]) await run(rule, wait);
    expect(detections()).toEqual([]);
  });

  it('lets missed windows be asked as one', async () => {
    const query = `DeviceProcessEvents | where Timestamp > ago(10m) | ${EVIL}`;
    const rule = await analyzedRule({ query, schedule: '{every: 10m}' });
    const rows = [15, 25, 45].map((minutes) => event(T0 + minutes * MINUTE, { FileName: 'evil.exe' }));
    const { bench, detections, run } = setUpTables({ DeviceProcessEvents: rows });
    await run(rule, 0);
    const report = await run(rule, HOUR);
    expect(report?.run.calls).toBe(1);
    expect(detections()).toHaveLength(3);
    expect((await bench.store.ruleState('default', rule.id))?.ledger).toEqual([]);
  });
});

describe('a context table asked for 30 days', () => {
  it.each([
    ['', 'where Timestamp > ago(30d)'],
    [' of another name', 'extend T = Timestamp | where T > ago(30d)'],
    [' that is moved', 'where Timestamp + 30d > now()'],
    [' that is one value', 'where Timestamp > toscalar(print ago(30d))'],
  ])('gives the row of twelve days ago, and none that is older than asked%s', async (_, filter) => {
    const query = `|
  let people = IdentityInfo | ${filter} | summarize arg_max(Timestamp, *) by AccountObjectId | project AccountObjectId, Department;
  DeviceProcessEvents
  | where FileName == "evil.exe"
  | join kind=inner people on AccountObjectId
  | project Timestamp, DeviceId, DeviceName, ReportId, Department`;
    const rule = await analyzedRule({ query, schedule: '{every: 1h}' });
    const cells = { FileName: 'evil.exe' };
    const { detections, run } = setUpTables({
      IdentityInfo: [
        event(T0 - 12 * DAY, { AccountObjectId: 'u1', Department: 'Finance' }),
        event(T0 - 31 * DAY, { AccountObjectId: 'u2', Department: 'Sales' }),
      ],
      DeviceProcessEvents: [
        event(T0 + 5 * MINUTE, { ...cells, AccountObjectId: 'u1' }),
        event(T0 + 6 * MINUTE, { ...cells, AccountObjectId: 'u2' }),
      ],
    });
    for (const wait of [0, HOUR]) await run(rule, wait);
    expect(detections().map((alert) => alert.evidence[0]?.Department)).toEqual(['Finance']);
  });
});

describe('first-seen 14 d', () => {
  it('keeps every filter that it has, and needs its lookback', async () => {
    const query = `|
  let baseline = DeviceProcessEvents | where Timestamp between (ago(14d) .. ago(1h)) | distinct SHA1;
  DeviceProcessEvents
  | where Timestamp > ago(1h)
  | where SHA1 !in (baseline)
  | summarize Devices = dcount(DeviceId) by SHA1`;
    const rule = await analyzedRule({ query, schedule: '{every: 1h, lookback: 14d}' });
    expect(rule.prepared).toMatchObject({ absorbed: [], reachMs: 14 * DAY });
    await expect(analyzedRule({ query, schedule: '{every: 1h, lookback: 2d}' })).rejects.toThrow(
      /reaches back 14d, the lookback is 2d/,
    );
  });
});

describe('an own end before now', () => {
  it('tells each event once it is old enough, also one that arrives late', async () => {
    const query = `DeviceProcessEvents | where Timestamp between (ago(4h) .. ago(2h)) | ${EVIL}`;
    const rule = await analyzedRule({ query, schedule: '{every: 1h}' });
    const cells = { FileName: 'evil.exe' };
    const [onTime, late] = [event(T0 + 20 * MINUTE, cells), event(T0 - 9 * HOUR, cells, T0 + 80 * MINUTE)];
    const { detections, run } = setUpTables({ DeviceProcessEvents: [onTime, late] });
    const told: unknown[][] = [];
    for (let hour = 0; hour < 6; hour += 1) {
      await run(rule, hour === 0 ? 0 : HOUR);
      told.push(detections().map((alert) => alert.evidence[0]?.ReportId));
    }
    expect(told.map((ids) => ids.length)).toEqual([0, 0, 1, 2, 2, 2]);
    expect(told.at(-1)).toEqual([late.ReportId, onTime.ReportId]);
  });

  it('tells them also when runs were missed', async () => {
    const query = `DeviceProcessEvents | where Timestamp < ago(3h) | ${EVIL}`;
    const rule = await analyzedRule({ query, schedule: '{every: 1h}' });
    const rows = [10, 100, 250].map((minutes) => event(T0 + minutes * MINUTE, { FileName: 'evil.exe' }));
    const { bench, detections, run } = setUpTables({ DeviceProcessEvents: rows });
    await run(rule, 0);
    await run(rule, 9 * HOUR);
    while (await bench.turn(rule, 'backlog'));
    const told = detections().map((alert) => alert.evidence[0]?.ReportId);
    expect(told.sort()).toEqual(rows.map((row) => row.ReportId).sort());
  });
});

const JOIN = `|
  DeviceProcessEvents
  | where FileName == "evil.exe"
  | join kind=inner (DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId) on DeviceId
  | project Timestamp, DeviceId, DeviceName, ReportId, ExposureLevel`;

describe('a changed context row', () => {
  it.each([
    ['the newest row of each device', JOIN],
    ['all rows of a device', JOIN.replace(' | summarize arg_max(Timestamp, *) by DeviceId', '')],
  ])('makes no second alert of an event: %s', async (_, query) => {
    const rule = await analyzedRule({ query });
    const info = [event(T0 - HOUR, { ExposureLevel: 'Low' })];
    const { detections, run } = setUpTables({
      DeviceInfo: info,
      DeviceProcessEvents: [event(T0 + 11 * MINUTE, { FileName: 'evil.exe' })],
    });
    await run(rule, 15 * MINUTE);
    info.push(event(T0 + 16 * MINUTE, { ExposureLevel: 'High' }));
    const again = await run(rule, 5 * MINUTE);
    expect(again?.run.rows).toBeGreaterThan(0);
    expect(detections().map((alert) => alert.evidence[0]?.ExposureLevel)).toEqual(['Low']);
  });
});

describe('a DeviceInfo join', () => {
  it('is told with the newest row of the device, once, and counts the rows that came', async () => {
    const query = `|
  DeviceProcessEvents
  | where FileName == "evil.exe"
  | join kind=inner DeviceInfo on DeviceId`;
    const rule = await analyzedRule({ query, alert: '{title: "{{ExposureLevel}}"}' });
    const levels = ['Low', 'High', 'Medium'];
    const info = levels.map((ExposureLevel, hours) => event(T0 - ((hours * 7) % 5) * HOUR, { ExposureLevel }));
    const { detections, run } = setUpTables({
      DeviceInfo: info,
      DeviceProcessEvents: [event(T0 + 5 * MINUTE, { FileName: 'evil.exe' })],
    });
    await run(rule, 15 * MINUTE);
    expect(detections().map((alert) => [alert.title, alert.rowCount])).toEqual([['Low', 3]]);
  });
});

describe('a state whose keys have the form of the first release', () => {
  it('tells nothing again, and goes on under the new keys', async () => {
    const now = await analyzedRule({ query: JOIN });
    const first = { ...now, prepared: { ...now.prepared, identity: { kind: 'row', columns: [] } } } as const;
    const tables = {
      DeviceInfo: [event(T0 - HOUR, { ExposureLevel: 'Low' })],
      DeviceProcessEvents: [event(T0 + 11 * MINUTE, { FileName: 'evil.exe' })],
    };
    const { bench, detections, run } = setUpTables(tables);
    const report = await (async () => {
      await bench.clock.advance(15 * MINUTE);
      return bench.turn(first);
    })();
    const { keys: _, ...trait } = JSON.parse(report?.commit.rule.ruleTrait ?? '{}') as Record<string, unknown>;
    const commit = report?.commit;
    if (!commit) throw new Error('no run');
    await bench.store.commit({
      ...commit,
      run: { ...commit.run, runId: 'first-release' },
      rule: { ...commit.rule, ruleTrait: JSON.stringify(trait) },
      keys: [],
      alerts: [],
      messages: [],
      health: [],
    });
    expect(detections()).toHaveLength(1);
    const second = await run(now, 5 * MINUTE);
    expect(second?.run.suppressed.duplicate).toBe(1);
    tables.DeviceInfo.push(event(T0 + 20 * MINUTE, { ExposureLevel: 'High' }));
    expect((await run(now, MINUTE))?.run.suppressed.duplicate).toBe(1);
    expect(detections()).toHaveLength(1);
  });

  it('keeps the form as long as keys of it live', async () => {
    const now = await analyzedRule({ query: JOIN, schedule: '{every: 6h}' });
    const first = { ...now, prepared: { ...now.prepared, identity: { kind: 'row', columns: [] } } } as const;
    const { bench, run } = setUpTables({ DeviceInfo: [], DeviceProcessEvents: [] });
    const forms = async () =>
      JSON.parse((await bench.store.ruleState('default', now.id))?.ruleTrait ?? '{}').oldKeys ?? [];
    await run(first, 0);
    expect(await forms()).toEqual([]);
    await run(now, 6 * HOUR);
    expect(await forms()).toEqual([expect.objectContaining({ form: expect.objectContaining({ kind: 'row' }) })]);
    for (let quarters = 0; quarters < 12; quarters += 1) await run(now, 6 * HOUR);
    expect(await forms()).toHaveLength(1);
    for (let quarters = 0; quarters < 116; quarters += 1) await run(now, 6 * HOUR);
    expect(await forms()).toEqual([]);
  });
});
