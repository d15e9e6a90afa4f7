import { describe, expect, it } from '@jest/globals';
import { analyzedRule, event, setUpTables } from './example-bench.ts';
import { DAY, HOUR, MINUTE, T0 } from './story.ts';

const BY_ROW = 'DeviceProcessEvents | project Timestamp, DeviceName, FileName';

/** A stream that looks far back, so that its rows come back for days. */
const ruleOf = (query: string, lookback = '2d') =>
  analyzedRule({ query, schedule: `{every: 1h, lookback: ${lookback}}` });

function setUpEvents(count: number) {
  const rows = Array.from({ length: count }, (_, n) => event(T0 + n * HOUR + 5 * MINUTE, { FileName: `${n}.exe` }));
  return setUpTables({ DeviceProcessEvents: rows });
}

describe('rows that are known by all their columns', () => {
  it.each([
    ['has a column more', `${BY_ROW}, ProcessCommandLine = FileName`],
    ['has its columns in another order', 'DeviceProcessEvents | project FileName, Timestamp, DeviceName'],
    ['brings the key of the event in', `${BY_ROW}, DeviceId, ReportId`],
  ])('are known when the result %s', async (_, query) => {
    const { detections, run } = setUpEvents(20);
    const first = await ruleOf(BY_ROW);
    for (let hour = 0; hour < 10; hour += 1) await run(first, HOUR);
    const told = detections().length;
    expect(told).toBeGreaterThan(5);
    const edited = await ruleOf(query);
    for (let hour = 0; hour < 10; hour += 1) await run(edited, HOUR);
    expect(detections().map((alert) => alert.firstSeen)).toHaveLength(20);
    expect(new Set(detections().map((alert) => alert.firstSeen)).size).toBe(20);
  });

  it('are known under a result of two edits ago', async () => {
    const { detections, run } = setUpEvents(3);
    for (const query of [BY_ROW, `${BY_ROW}, A = 1`, `${BY_ROW}, A = 1, B = FileName`]) {
      const rule = await ruleOf(query);
      for (let hour = 0; hour < 2; hour += 1) await run(rule, HOUR);
    }
    expect(detections().map((alert) => alert.firstSeen)).toHaveLength(3);
  });
});

describe('a stream that is given a longer lookback', () => {
  it('has forgotten nothing that it may be asked for again', async () => {
    const { detections, run } = setUpEvents(4);
    const query = 'DeviceProcessEvents';
    const short = await ruleOf(query, '1h');
    for (let hour = 0; hour < 8; hour += 1) await run(short, HOUR);
    for (let days = 0; days < 12; days += 1) await run(short, DAY);
    await run(await ruleOf(query, '14d'), HOUR);
    expect(detections()).toHaveLength(4);
  });
});
