import { describe, expect, it } from '@jest/globals';
import { analyzedRule, event, setUpTables } from './example-bench.ts';
import { HOUR, MINUTE, T0 } from './story.ts';

const COUNT = 'summarize N = count(), Timestamp = max(Timestamp) by DeviceId, AccountName | where N >= 3';
const JOIN = 'join kind=inner (DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId) on DeviceId';
const SCHEDULE = { schedule: '{every: 1h, lookback: 12h}' };

const QUERIES = [
  ['counted alone', COUNT],
  ['joined, beside the time of the events', `${COUNT} | ${JOIN}`],
  ['joined, in the place of that', `${COUNT} | project-away Timestamp | ${JOIN}`],
] as const;

/** Three failed logons of each account, an hour apart, and a device that is described again each hour. */
async function toldBy(keys: Readonly<Record<string, string>>, accounts: readonly string[]) {
  const rule = await analyzedRule({ ...SCHEDULE, ...keys });
  const logons = accounts.flatMap((AccountName, hour) =>
    [20, 22, 24].map((minute) => event(T0 + hour * HOUR + minute * MINUTE, { AccountName })),
  );
  const hours = Array.from({ length: 12 }, (_, hour) => event(T0 + hour * HOUR, { AccountName: 'x' }));
  const { detections, run } = setUpTables({ DeviceLogonEvents: logons, DeviceInfo: hours });
  for (let hour = 1; hour <= 9; hour += 1) await run(rule, HOUR);
  return detections().map((alert) => alert.evidence[0]?.AccountName);
}

describe('the time of a looked-up row is no newer event of a set: ', () => {
  it.each(QUERIES)('a hit that was excepted is not told when the exception ends, %s', async (_, pipe) => {
    const exceptions = `[{where: {AccountName: kim}, reason: r, owner: o, expires: "${new Date(T0 + 4 * HOUR).toISOString()}"}]`;
    const query = `DeviceLogonEvents | ${pipe}`;
    expect(await toldBy({ query, exceptions }, ['kim'])).toEqual([]);
  });

  it.each(QUERIES)('a hit that a quiet time held back is not told when that ends, %s', async (_, pipe) => {
    const alert = '{suppress: 4h, dedup: {columns: [DeviceId]}}';
    const query = `DeviceLogonEvents | ${pipe}`;
    expect(await toldBy({ query, alert }, ['kim', 'lee'])).toEqual(['kim']);
  });
});
