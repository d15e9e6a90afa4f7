import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../../src/lib/duration.ts';
import { prepare } from '../queries.ts';

const JOINED = 'DeviceEvents | join kind=inner';

async function lookedUp(context: string) {
  const query = `${JOINED} (${context}) on DeviceId`;
  const prepared = await prepare(query);
  const found = prepared.tables.find(({ table }) => table === 'DeviceInfo');
  const unclear = (found?.unclear ?? []).map(({ start, end }) => query.slice(start, end));
  return { days: (found?.lookbackMs ?? 0) / DAY_MS, unclear, reachMs: prepared.reachMs };
}

const series = (range: string, on = 'Timestamp'): string =>
  `DeviceInfo | make-series n = count() on ${on} ${range} by DeviceId`;

describe('the range of a series of a looked-up table', () => {
  it.each([
    ['from and to', series('from ago(30d) to now() step 1d'), 30],
    ['a range', series('in range(ago(30d), now(), 1d)'), 30],
    ['rounded', series('from startofday(ago(30d)) to startofday(now()) step 1d'), 31],
    [
      'by a name',
      `DeviceInfo | extend Seen = Timestamp | ${series('from ago(30d) to now() step 1d', 'Seen').slice(13)}`,
      30,
    ],
    ['shorter, which leaves the default', series('from ago(2d) to now() step 1h'), 7],
    ['no begin', series('step 1d'), 7],
    ['of another number', series('from 0 to 90 step 1', 'OSBuild'), 7],
  ])('lengthens its window: %s', async (_, context, days) => {
    expect(await lookedUp(context)).toEqual({ days, unclear: [], reachMs: 0 });
  });

  it.each([
    'from datetime(2026-11-01) to now() step 1d',
    'in range(datetime(2026-11-01), now(), 1d)',
    'from toscalar(BehaviorInfo | summarize min(Timestamp)) to now() step 1d',
  ])('is told where it does not say how far back it begins: %s', async (range) => {
    expect((await lookedUp(series(range))).unclear).toEqual([range]);
  });

  it('says it for conditions on the times that it makes, and so does any condition that all rows pass', async () => {
    const start = 'toscalar(DeviceEvents | summarize min(Timestamp))';
    const filter = `| where Timestamp > ${start}`;
    const expanded = `${series('from ago(30d) to now() step 1d')} | mv-expand Timestamp to typeof(datetime) ${filter}`;
    expect(await lookedUp(expanded)).toMatchObject({ days: 30, unclear: [] });
    expect(await lookedUp(`DeviceInfo | where Timestamp > ago(20d) ${filter}`)).toMatchObject({
      days: 20,
      unclear: [],
    });
    expect(await lookedUp(`DeviceInfo ${filter} | where Timestamp > ago(20d)`)).toMatchObject({
      days: 20,
      unclear: [],
    });
    expect((await lookedUp(`DeviceInfo | where Timestamp > ago(20d) or OSBuild > 3 ${filter}`)).unclear).toHaveLength(
      1,
    );
    expect(
      (await lookedUp(`${series('step 1d')} | mv-expand Timestamp to typeof(datetime) ${filter}`)).unclear,
    ).toHaveLength(1);
  });

  it('is no matter of what has the name of its time once that is gone', async () => {
    const ids =
      'DeviceInfo | distinct DeviceId | join kind=inner (DeviceEvents | summarize by DeviceId, Timestamp) on DeviceId';
    expect((await lookedUp(`${ids} | where Timestamp > max_of(ago(1d), ago(2d))`)).unclear).toEqual([]);
  });
});
