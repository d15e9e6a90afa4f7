import { describe, expect, it } from '@jest/globals';
import type { RawRow } from '../../src/engine/data/row-table.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { analyzedRule, event, setUpTables } from './example-bench.ts';
import { HOUR, MINUTE, T0 } from './story.ts';

const LEVELS = ['Low', 'None', 'High', 'Medium'];
const EXPOSURE = '(DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId) on DeviceId';
const ACCOUNT =
  '(IdentityInfo | summarize arg_max(Timestamp, *) by AccountObjectId) on $left.InitiatingProcessAccountUpn == $right.AccountUpn';

function queryOf(...pipe: readonly string[]): string {
  return `|\n  ${['DeviceProcessEvents', 'where FileName == "evil.exe"', ...pipe].join('\n  | ')}`;
}

/** Three events, and a device and an account that change each hour. */
function tables(): Record<string, RawRow[]> {
  const changed = LEVELS.map((level, hour) => ({ level, at: T0 + hour * HOUR }));
  const account = { AccountObjectId: 'o1', AccountUpn: 'kim@x' };
  return {
    DeviceProcessEvents: [10, 20, 30].map((minute) =>
      event(T0 + minute * MINUTE, { FileName: 'evil.exe', InitiatingProcessAccountUpn: 'kim@x' }),
    ),
    DeviceInfo: changed.map(({ level, at }) => event(at, { ExposureLevel: level })),
    IdentityInfo: changed.map(({ level, at }) => event(at, { ...account, Department: level })),
  };
}

async function toldIn(hours: number, ruleAt: (hour: number) => RunnableRule): Promise<number> {
  const { detections, run } = setUpTables(tables());
  for (let hour = 1; hour <= hours; hour += 1) await run(ruleAt(hour), HOUR);
  return detections().length;
}

const SCHEDULE = { schedule: '{every: 1h, lookback: 1d}' };

describe('an event of a stream that looks far back is told once', () => {
  it.each([
    ['whose age is in the result', 3, queryOf('project Timestamp, DeviceName, Age = now() - Timestamp')],
    [
      'that looks a device up, without a report id',
      3,
      queryOf(`join kind=inner ${EXPOSURE}`, 'project Timestamp, DeviceName, ExposureLevel'),
    ],
    [
      'that expands something, beside what is looked up',
      6,
      queryOf(
        'mv-expand Part = dynamic(["a", "b"])',
        `join kind=inner ${EXPOSURE}`,
        'project Timestamp, DeviceId, ReportId, Part, Note = strcat(Part, ExposureLevel, now())',
      ),
    ],
    ['that counts devices', 3, queryOf('extend N = toscalar(DeviceInfo | count)', 'project Timestamp, DeviceName, N')],
    [
      'that looks an account up by another id than it was gathered by',
      3,
      queryOf(`join kind=inner ${ACCOUNT}`, 'project Timestamp, DeviceId, ReportId, Department'),
    ],
  ])('%s', async (_, alerts, query) => {
    const rule = await analyzedRule({ query, ...SCHEDULE });
    expect(await toldIn(6, () => rule)).toBe(alerts);
  });

  it('by the rule’s own columns, too, where the query gives no key', async () => {
    const query = queryOf('project Timestamp, DeviceName, Lot = new_guid()');
    const alert = '{dedup: {columns: [DeviceName, Timestamp]}}';
    expect(await toldIn(4, await always({ query, alert }))).toBe(3);
    // Without the time of the event, the columns tell what comes later apart from nothing.
    const byName = await always({
      query: queryOf('project Timestamp, DeviceName'),
      alert: '{dedup: {columns: [DeviceName]}}',
    });
    const { detections, run } = setUpTables({
      DeviceProcessEvents: [event(T0, { FileName: 'evil.exe' }), event(T0 + HOUR, { FileName: 'evil.exe' })],
    });
    await run(byName(), MINUTE * 15);
    await run(byName(), HOUR * 2);
    expect(detections()).toHaveLength(2);
  });
});

async function always(keys: Readonly<Record<string, string>>): Promise<() => RunnableRule> {
  const rule = await analyzedRule({ ...SCHEDULE, ...keys });
  return () => rule;
}

describe('keys that were made of more by an older version', () => {
  it.each([
    ['the whole row', queryOf('project Timestamp, DeviceName, Half = bin(now(), 1000d)'), { kind: 'row', columns: [] }],
    [
      'all columns of what was expanded',
      queryOf(
        'mv-expand Part = dynamic(["a", "b"])',
        'extend Note = tostring(Part)',
        'project Timestamp, DeviceId, ReportId, Part, Note',
      ),
      { kind: 'event', columns: ['Timestamp', 'DeviceId', 'ReportId'], fanOut: ['Part', 'Note'] },
    ],
  ] as const)('tell nothing again: %s', async (_, query, identity) => {
    const now = await analyzedRule({ query, ...SCHEDULE });
    const before: RunnableRule = { ...now, prepared: { ...now.prepared, identity } };
    const once = await toldIn(2, () => before);
    expect(once).toBeGreaterThan(0);
    expect(now.prepared.identity).not.toEqual(identity);
    expect(await toldIn(6, (hour) => (hour < 3 ? before : now))).toBe(once);
  });
});
