import { describe, expect, it } from '@jest/globals';
import { applyEdits } from '../../../src/kql/edits.ts';
import type { PreparedQuery, PrepareOptions } from '../../../src/kql/prepared.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import { findingsOf, prepare } from '../queries.ts';

const E = 'DeviceEvents';

async function sent(query: string, options: Partial<PrepareOptions> = {}): Promise<string> {
  const prepared = await prepare(query, options);
  expect(findingsOf(prepared, 'error')).toEqual([]);
  return applyEdits(query, prepared.absorbed).text;
}

function becauses({ ownFilters }: PreparedQuery): readonly (string | null)[] {
  return ownFilters.map((one) => one.because);
}

describe('an own lower bound of a stream', () => {
  it.each([
    ['>', `${E} | where Timestamp > ago(1h)`, `${E} | where true`],
    ['>=', `${E} | where Timestamp >= ago(1h)`, `${E} | where true`],
    ['the other way round', `${E} | where ago(1h) <= Timestamp`, `${E} | where true`],
    ['now() - D', `${E} | where Timestamp > now() - 1h`, `${E} | where true`],
    ['now(-D)', `${E} | where Timestamp > now(-1h)`, `${E} | where true`],
    ['datetime_add', `${E} | where Timestamp > datetime_add("hour", -1, now())`, `${E} | where true`],
    ['between', `${E} | where Timestamp between (ago(1h) .. now())`, `${E} | where true`],
    ['between with a length', `${E} | where Timestamp between (ago(1h) .. 1h)`, `${E} | where true`],
    [
      'one of several',
      `${E} | where A == 1 and (Timestamp > ago(1h) and B == 2)`,
      `${E} | where A == 1 and (true and B == 2)`,
    ],
    ['in brackets', `${E} | where (((Timestamp > ago(1h))))`, `${E} | where (((true)))`],
    ['on a copy', `${E} | extend T = Timestamp | where T > ago(1h)`, `${E} | extend T = Timestamp | where true`],
    ['twice', `${E} | where Timestamp > ago(7d) | where Timestamp > ago(1h)`, `${E} | where true | where true`],
    ['both ends', `${E} | where Timestamp > ago(1h) and Timestamp <= now()`, `${E} | where true and true`],
    ['an end at now alone', `${E} | where Timestamp < now()`, `${E} | where true`],
    ['let', `let s = ago(1h); ${E} | where Timestamp > s`, `let s = ago(1h); ${E} | where true`],
    ['a let of a length', `let d = 1h; ${E} | where Timestamp > ago(d)`, `let d = 1h; ${E} | where true`],
    ['ingestion_time()', `${E} | where ingestion_time() > ago(1h)`, `${E} | where true`],
    ['datetime_diff', `${E} | where datetime_diff("hour", now(), Timestamp) <= 1`, `${E} | where true`],
    ['datetime_diff mirrored', `${E} | where datetime_diff("hour", Timestamp, now()) > -2`, `${E} | where true`],
    [
      'datetime_diff between',
      `${E} | where datetime_diff("day", now(), Timestamp) between (0 .. 7)`,
      `${E} | where true`,
    ],
    ['a difference', `${E} | where now() - Timestamp < 1h`, `${E} | where true`],
    ['an end that stays', `${E} | where Timestamp between (ago(2h) .. ago(1h))`, `${E} | where Timestamp <= (ago(1h))`],
    [
      'a length that stays',
      `${E} | where Timestamp between (ago(2h) .. 1h)`,
      `${E} | where Timestamp <= (ago(2h) + 1h)`,
    ],
    [
      'a difference that stays',
      `${E} | where now() - Timestamp between (1h .. 2h)`,
      `${E} | where now() - Timestamp >= (1h)`,
    ],
    [
      'a mirrored difference that stays',
      `${E} | where Timestamp - now() between (-2h .. -1h)`,
      `${E} | where Timestamp - now() <= (-1h)`,
    ],
    ['behind extend', `${E} | extend A = 1 | where Timestamp > ago(1h)`, `${E} | extend A = 1 | where true`],
    [
      'behind parse',
      `${E} | parse FileName with A "." B | where Timestamp > ago(1h)`,
      `${E} | parse FileName with A "." B | where true`,
    ],
    ['behind as', `${E} | as X | where Timestamp > ago(1h)`, `${E} | as X | where true`],
    [
      'of a renamed column',
      `${E} | project T = Timestamp, DeviceId | where T > ago(1h)`,
      `${E} | project T = Timestamp, DeviceId | where true`,
    ],
    [
      'of each leg of a union, whatever its length',
      `union (${E} | where Timestamp > ago(1h)), (DeviceFileEvents | where Timestamp > ago(7d))`,
      `union (${E} | where true), (DeviceFileEvents | where true)`,
    ],
    [
      'of a let that is used twice',
      `let a = ${E} | where Timestamp > ago(1h); union a, (a | where A == 1)`,
      `let a = ${E} | where true; union a, (a | where A == 1)`,
    ],
    [
      'of a function, called twice alike',
      `let f = (d: timespan) { ${E} | where Timestamp > ago(d) }; union f(1h), f(60m)`,
      `let f = (d: timespan) { ${E} | where true }; union f(1h), f(60m)`,
    ],
    [
      'of a function that is invoked',
      `let f = (T: (*)) { T | where Timestamp > ago(1h) }; ${E} | invoke f()`,
      `let f = (T: (*)) { T | where true }; ${E} | invoke f()`,
    ],
    [
      'of a table that the schema does not have',
      'SigninLogs | where TimeGenerated > ago(1h) | extend A = 1 | where TimeGenerated < now()',
      'SigninLogs | where true | extend A = 1 | where true',
    ],
    [
      'in front of a lookup',
      `${E} | where Timestamp > ago(1h) | join kind=inner (DeviceInfo | distinct DeviceId) on DeviceId`,
      `${E} | where true | join kind=inner (DeviceInfo | distinct DeviceId) on DeviceId`,
    ],
  ])('is absorbed: %s', async (_, query, expected) => {
    expect(await sent(query)).toBe(expected);
    expect(becauses(await prepare(query)).filter((because) => because !== null)).toEqual([]);
  });

  it.each([
    ['no conjunct', `${E} | where Timestamp > ago(1h) or A == 1`],
    ['negated', `${E} | where not(Timestamp > ago(1h))`],
    ['a fixed date', `${E} | where Timestamp > datetime(2026-01-01)`],
    ['another column', `${E} | where ProcessCreationTime > ago(1h)`],
    ['a column of that name with another value', `${E} | extend Timestamp = now() | where Timestamp > ago(1h)`],
    ['another value of the row', `${E} | where Timestamp > ProcessCreationTime`],
    ['the future', `${E} | where Timestamp > now(1h)`],
    ['only an earlier end', `${E} | where Timestamp < ago(1h)`],
    ['a length of another unit', `${E} | where datetime_diff("hour", now(), Timestamp) <= 1h`],
    [
      'not constant',
      `let f = (d: timespan) { ${E} | where Timestamp > ago(d) }; f(toscalar(range D from 1d to 1d step 1d | summarize max(D)))`,
    ],
    ['a function that nothing calls', `let f = () { ${E} | where Timestamp > ago(1h) }; DeviceFileEvents`],
  ])('is none, and stays: %s', async (_, query) => {
    expect(await sent(query)).toBe(query);
    expect(becauses(await prepare(query))).toEqual([]);
  });

  it.each([
    ['behind a union', `union ${E}, DeviceFileEvents | where Timestamp > ago(1h)`, 'it stands behind `union`'],
    [
      'behind mv-expand',
      `${E} | mv-expand A = todynamic(FileName) | where Timestamp > ago(1h)`,
      'it stands behind `mv-expand`',
    ],
    ['behind sort', `${E} | sort by Timestamp | where Timestamp > ago(1h)`, 'it stands behind `sort`'],
    [
      'behind a join',
      `${E} | join kind=inner (DeviceInfo | distinct DeviceId) on DeviceId | where Timestamp > ago(1h)`,
      'it stands behind `join`',
    ],
    ['rounded', `${E} | where Timestamp > startofday(ago(1d))`, 'its distance is rounded'],
    ['of a changed time', `${E} | where Timestamp + 1h > ago(1h)`, 'it asks for what is computed of the time'],
    ['of a converted time', `${E} | where todatetime(Timestamp) > ago(1h)`, 'it asks for what is computed of the time'],
    [
      'of a computed column',
      `${E} | extend Age = now() - Timestamp | where Age < 1h`,
      'it asks for what is computed of the time',
    ],
    ['a month', `${E} | where Timestamp > datetime_add("month", -1, now())`, 'its distance is rounded'],
    [
      'other in another call',
      `let f = (d: timespan) { ${E} | where Timestamp > ago(d) }; union f(1h), f(2h)`,
      'its distance is not the same in every call',
    ],
    [
      'also of a table that is looked up',
      `let f = (T: (DeviceId: string, Timestamp: datetime)) { T | where Timestamp > ago(9d) }; f(${E}) | join kind=inner (f(DeviceInfo) | distinct DeviceId) on DeviceId`,
      'it also holds for a table that is looked up',
    ],
    [
      'the other of two time columns',
      'UrlClickEvents | where TimeGenerated > ago(1h)',
      'it asks for TimeGenerated, and the window goes by Timestamp',
    ],
  ])('is kept: %s', async (_, query, because) => {
    expect(await sent(query)).toBe(query);
    expect(becauses(await prepare(query))).toEqual([because]);
  });

  it('goes by the clock of the window', async () => {
    const query = `${E} | where ingestion_time() > ago(1h)`;
    expect(await sent(query, { basis: 'event' })).toBe(query);
    expect(becauses(await prepare(query, { basis: 'event' }))).toEqual([
      'it asks for the time of arrival, and the window goes by that of the event',
    ]);
    expect(await sent(`${E} | where Timestamp > ago(1h)`, { basis: 'event' })).toBe(`${E} | where true`);
  });

  it('is told with its place, tables and distance', async () => {
    const query = `let a = ${E} | where A == 1 and Timestamp > ago(90m); a`;
    const { ownFilters, tables } = await prepare(query);
    expect(ownFilters).toEqual([{ start: 40, end: 60, tables: [E], distanceMs: 90 * MINUTE_MS, because: null }]);
    expect(query.slice(40, 60)).toBe('Timestamp > ago(90m)');
    expect(tables.map((one) => [one.table, one.filter])).toEqual([[E, 'absorbed']]);
  });

  it('leaves lines where they are', async () => {
    const query = `${E}\n| where Timestamp\n  // the last hour\n  > ago(1h)\n| where A == 1`;
    const text = await sent(query);
    expect(text).toBe(`${E}\n| where true\n\n\n| where A == 1`);
    const { toOriginal } = applyEdits(query, (await prepare(query)).absorbed);
    expect(toOriginal(text.indexOf('A == 1'))).toBe(query.indexOf('A == 1'));
    expect(toOriginal(text.indexOf('true'))).toBe(query.indexOf('Timestamp'));
  });
});

describe('an own end before now', () => {
  it.each([
    ['none', `${E} | where Timestamp > ago(2h)`, 0],
    ['between', `${E} | where Timestamp between (ago(2h) .. ago(1h))`, 1],
    ['between with a length', `${E} | where Timestamp between (ago(3h) .. 1h)`, 2],
    ['alone', `${E} | where Timestamp < ago(90m)`, 1.5],
    [
      'the largest of several',
      `union (${E} | where Timestamp < ago(1h)), (DeviceFileEvents | where Timestamp < ago(4h))`,
      4,
    ],
    ['rounded, as far as it can lie', `${E} | where Timestamp < startofday(now())`, 24],
    ['a difference', `${E} | where datetime_diff("hour", now(), Timestamp) >= 2`, 2],
    ['behind a union', `union ${E}, DeviceFileEvents | where Timestamp < ago(1h)`, 1],
    ['in the future', `${E} | where Timestamp < now(1h)`, 0],
    [
      'of a table that is looked up',
      `${E} | where DeviceId in ((DeviceInfo | where Timestamp < ago(1h) | distinct DeviceId))`,
      0,
    ],
    ['of a set', `${E} | where Timestamp < ago(1h) | count`, 0],
  ])('%s', async (_, query, hours) => {
    expect((await prepare(query)).upperMs).toBe(hours * HOUR_MS);
    expect((await prepare(query, { keepFilters: 'always' })).upperMs).toBe(hours * HOUR_MS);
  });
});

describe('own lower bounds of a set', () => {
  const COUNT = 'summarize count() by DeviceId';

  it.each([
    ['one table', `${E} | where Timestamp > ago(7d) | ${COUNT}`, 7],
    ['to now', `${E} | where Timestamp between (ago(7d) .. now()) | ${COUNT}`, 7],
    [
      'two tables asked alike',
      `${E} | where Timestamp > ago(1d) | join kind=inner (DeviceFileEvents | where Timestamp >= now(-24h)) on DeviceId`,
      1,
    ],
    [
      'a table that is looked up elsewhere',
      `${E} | where Timestamp > ago(1d) | join kind=inner (DeviceInfo | where Timestamp > ago(30d)) on DeviceId | ${COUNT}`,
      1,
    ],
    ['times that are not put into bins', `${E} | where Timestamp > ago(1d) | extend B = bin(1.5, 1) | ${COUNT}`, 1],
    ['a bound that is put into one', `${E} | where Timestamp > ago(1d) | ${COUNT}, S = bin(now(), 1d)`, 1],
    ['parts of it', `${E} | where Timestamp > ago(14d) | summarize countif(Timestamp > ago(1d)) by DeviceId`, 14],
  ])('are absorbed: %s', async (_, query, days) => {
    const prepared = await prepare(query);
    expect(prepared).toMatchObject({ shape: 'set', absorbedMs: days * DAY_MS });
    expect(becauses(prepared).filter((because) => because !== null)).toEqual([]);
    const edited = applyEdits(query, prepared.absorbed).text;
    expect(edited).toContain('where true');
    expect(await prepare(query, { lookbackMs: days * DAY_MS })).toMatchObject({ absorbedMs: days * DAY_MS });
  });

  const LEGS = 'not every event table is asked equally far back';
  it.each([
    [
      'a spike: legs of one and of fourteen days',
      `let base = ${E} | where Timestamp > ago(14d) | summarize B = count() by DeviceId; ${E} | where Timestamp > ago(1d) | summarize N = count() by DeviceId | join kind=inner base on DeviceId | where N > B`,
      LEGS,
    ],
    [
      'one source with legs of its own',
      `let all = ${E} | where Timestamp > ago(14d); all | where Timestamp > ago(1d) | join kind=leftanti (all) on SHA1`,
      LEGS,
    ],
    [
      'a first-seen rule',
      `let base = ${E} | where Timestamp between (ago(14d) .. ago(1d)) | distinct SHA1; ${E} | where Timestamp > ago(1d) | where SHA1 !in (base)`,
      'a table is asked for what ends before now',
    ],
    ['a table without one', `${E} | where Timestamp > ago(1d) | join kind=inner DeviceFileEvents on DeviceId`, LEGS],
    ['bins', `${E} | where Timestamp > ago(1d) | ${COUNT}, bin(Timestamp, 1h)`, 'the query puts times into bins'],
    [
      'bins in front',
      `${E} | extend H = bin(Timestamp, 1h) | where Timestamp > ago(1d) | ${COUNT}, H`,
      'the query puts times into bins',
    ],
    ['days', `${E} | where Timestamp > ago(7d) | ${COUNT}, startofday(Timestamp)`, 'the query puts times into bins'],
    [
      'make-series',
      `${E} | where Timestamp > ago(7d) | make-series count() on Timestamp step 1d`,
      'the query puts times into bins',
    ],
    [
      'a difference',
      `${E} | where datetime_diff("day", now(), Timestamp) < 7 | ${COUNT}`,
      'the distance of times is compared',
    ],
    ['rounded', `${E} | where Timestamp > startofday(ago(1d)) | ${COUNT}`, 'a distance is rounded'],
    [
      'behind a union',
      `union ${E}, DeviceFileEvents | where Timestamp > ago(1d) | ${COUNT}`,
      'it stands behind `union`',
    ],
    ['two lengths', `${E} | where Timestamp > ago(7d) | where Timestamp > ago(1d) | ${COUNT}`, LEGS],
  ])('are all kept: %s', async (_, query, because) => {
    const prepared = await prepare(query);
    expect(prepared).toMatchObject({ shape: 'set', absorbed: [], absorbedMs: null });
    expect(new Set(becauses(prepared))).toEqual(new Set([because]));
    expect(prepared.tables.map((one) => one.filter)).toContain('kept');
  });

  it('are kept under another lookback', async () => {
    const query = `${E} | where Timestamp > ago(7d) | ${COUNT}`;
    expect(becauses(await prepare(query, { lookbackMs: DAY_MS }))).toEqual(['the lookback is another']);
  });
});

describe('own filters', () => {
  const STREAM = `${E} | where Timestamp > ago(1h)`;
  const SET = `${STREAM} | summarize count() by DeviceId`;

  it('are kept where the rule says so', async () => {
    expect(becauses(await prepare(STREAM, { keepFilters: 'always' }))).toEqual(['"window.keepFilters" says so']);
    expect(becauses(await prepare(STREAM, { keepFilters: 'sets' }))).toEqual([null]);
    expect(becauses(await prepare(SET, { keepFilters: 'sets' }))).toEqual(['"window.keepFilters" says so']);
    expect((await prepare(SET, { keepFilters: 'sets' })).reachMs).toBe(HOUR_MS);
  });

  it('are kept in a snapshot, and where the query places its window itself', async () => {
    const alone = await prepare(STREAM, { basis: 'none' });
    expect(alone).toMatchObject({ shape: 'snapshot', absorbed: [], reachMs: HOUR_MS });
    expect(becauses(alone)).toEqual(['the rule has no window']);
    const placed = await prepare(`${STREAM} and Timestamp < _to`, { basis: 'none' });
    expect(becauses(placed)).toEqual(['the rule has no window']);
  });

  it('go by the shape that the rule states', async () => {
    const spike = `let b = ${E} | where Timestamp > ago(14d) | distinct SHA1; ${STREAM} | where SHA1 in (b)`;
    expect(new Set(becauses(await prepare(spike)))).not.toContain(null);
    expect(becauses(await prepare(spike, { shape: 'stream' }))).toEqual([null, null]);
    expect(becauses(await prepare(STREAM, { shape: 'set', lookbackMs: DAY_MS }))).toEqual(['the lookback is another']);
  });

  it('of very many branches are left alone', async () => {
    const doubled = Array.from(
      { length: 10 },
      (_, n) => `let a${n + 1} = union (a${n} | where Timestamp > ago(${n + 1}h)), a${n};`,
    );
    const prepared = await prepare(`let a0 = ${E}; ${doubled.join(' ')} a10`);
    expect(prepared.absorbed).toEqual([]);
    expect(new Set(becauses(prepared))).toEqual(new Set(['the query has too many branches']));
  });
});

describe('the filter of a table that is looked up', () => {
  const lookedUp = async (context: string, options: Partial<PrepareOptions> = {}) => {
    const prepared = await prepare(`${E} | join kind=inner (${context}) on DeviceId`, options);
    expect(prepared.ownFilters).toEqual([]);
    expect(prepared.absorbed).toEqual([]);
    return prepared.tables
      .filter((one) => one.table === 'DeviceInfo')
      .map(({ lookbackMs, ownMs, filter }) => [
        lookbackMs === null ? null : lookbackMs / DAY_MS,
        ownMs === null ? null : ownMs / DAY_MS,
        filter,
      ]);
  };

  it.each([
    ['none', 'DeviceInfo', [7, null, null]],
    ['longer than the default', 'DeviceInfo | where Timestamp > ago(30d)', [30, 30, 'kept']],
    ['shorter', 'DeviceInfo | where Timestamp > ago(1d)', [1, 1, 'kept']],
    [
      'the largest of several',
      'DeviceInfo | where Timestamp > ago(20d) | where Timestamp > ago(10d)',
      [20, 20, 'kept'],
    ],
    ['rounded, at its farthest', 'DeviceInfo | where Timestamp > startofday(ago(9d))', [10, 10, 'kept']],
    ['a difference', 'DeviceInfo | where datetime_diff("day", now(), Timestamp) < 14', [14, 14, 'kept']],
    [
      'of the newest row, longer',
      'DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId | where Timestamp > ago(30d)',
      [30, 30, 'kept'],
    ],
    [
      'of the newest row, shorter',
      'DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId | where Timestamp > ago(1d)',
      [7, 1, 'kept'],
    ],
    [
      'of one of two places',
      'DeviceInfo | where Timestamp > ago(1d) | union (DeviceInfo | where Timestamp > ago(20d))',
      [1, 1, 'kept'],
    ],
  ] as const)('is its window: %s', async (_, context, expected) => {
    expect((await lookedUp(context))[0]).toEqual(expected);
  });

  it.each([
    ['within or', 'DeviceInfo | where Timestamp > ago(30d) or isempty(OSPlatform)', 30],
    ['within not', 'DeviceInfo | where not(Timestamp < ago(30d))', 30],
    ['within iff', 'DeviceInfo | where iff(isnotempty(OSPlatform), Timestamp > ago(30d), false)', 30],
    ['of another name', 'DeviceInfo | extend T = Timestamp | where T > ago(30d)', 30],
    ['moved', 'DeviceInfo | where Timestamp + 30d > now()', 30],
    ['of one value', 'DeviceInfo | where Timestamp > toscalar(print ago(30d))', 30],
    ['of the newest', 'DeviceInfo | summarize L = max(Timestamp) by DeviceId | where L > ago(30d)', 30],
    [
      'of the oldest',
      'DeviceInfo | summarize F = min(Timestamp), L = max(Timestamp) by DeviceId | where F > ago(30d)',
      30,
    ],
    ['without a name', 'DeviceInfo | summarize max(Timestamp) by DeviceId | where max_Timestamp > ago(30d)', 30],
    ['shorter, which leaves the default', 'DeviceInfo | where Timestamp > ago(1d) or isempty(OSPlatform)', 7],
    ['of the account, which is none', 'DeviceInfo | where OSBuild > 3 or OSPlatform == "x"', 7],
  ] as const)('lengthens its window: %s', async (_, context, days) => {
    expect((await lookedUp(context))[0]?.[0]).toBe(days);
    expect((await prepare(`${E} | join kind=inner (${context}) on DeviceId`)).reachMs).toBe(0);
  });

  it('lengthens its window where a column says it', async () => {
    expect((await lookedUp('DeviceInfo | extend New = Timestamp > ago(30d) | where New'))[0]?.[0]).toBe(30);
  });

  it('may stand behind the join', async () => {
    const daysOf = async (query: string) => {
      const { tables } = await prepare(`${E} | ${query}`);
      return (tables.find((one) => one.table === 'DeviceInfo')?.lookbackMs ?? 0) / DAY_MS;
    };
    expect(await daysOf('join kind=inner DeviceInfo on DeviceId | where Timestamp1 > ago(30d)')).toBe(30);
    expect(
      await daysOf('lookup (DeviceInfo | project DeviceId, Seen = Timestamp) on DeviceId | where Seen > ago(20d)'),
    ).toBe(20);
    expect(await daysOf('join kind=leftsemi DeviceInfo on DeviceId | where Timestamp > ago(30d)')).toBe(7);
  });

  it.each([
    ['a fixed date', 'Timestamp > datetime(2026-11-01)', true],
    ['what ends before it begins', 'Timestamp < ago(10d)', true],
    ['what is not known', 'Timestamp > max_of(ago(30d), ago(20d))', true],
    ['a text', 'format_datetime(Timestamp, "yyyy") == format_datetime(now(), "yyyy")', true],
    ['a fixed date beside a distance', 'Timestamp > ago(30d) and Timestamp > datetime(2026-11-01)', false],
    ['what ended lately', 'Timestamp < ago(1d)', false],
    ['no time', 'OSPlatform == "x"', false],
  ])('is told where it does not say how far back it asks: %s', async (_, condition, isUnclear) => {
    const query = `${E} | join kind=inner (DeviceInfo | where ${condition}) on DeviceId`;
    const prepared = await prepare(query);
    const found = prepared.tables.flatMap(({ unclear = [] }) =>
      unclear.map(({ start, end }) => query.slice(start, end)),
    );
    expect(found).toEqual(isUnclear ? [condition] : []);
    const named = await prepare(query, { tables: { DeviceInfo: DAY_MS } });
    expect(named.tables.flatMap(({ unclear = [] }) => unclear)).toEqual([]);
  });

  it.each([
    [
      'what rows that it looks up are asked for',
      'DeviceId in ((DeviceEvents | where Timestamp > ago(1h) | distinct DeviceId))',
    ],
    ['the time of another table of the union', 'TimeGenerated > ago(90d)'],
  ])('is not told for %s', async (_, condition) => {
    const { tables } = await prepare(
      `${E} | join kind=inner (union Device*Info, BehaviorInfo, SigninLogs | where ${condition}) on DeviceId`,
    );
    expect(tables.filter(({ table }) => table === 'DeviceInfo')).toMatchObject([{ lookbackMs: 7 * DAY_MS }]);
    expect(tables.flatMap(({ unclear = [] }) => unclear)).toEqual([]);
  });

  it('is not shortened where it is also looked up without', async () => {
    const prepared = await prepare(
      `let d = DeviceInfo; ${E} | where DeviceId in ((d | where Timestamp > ago(1d) | distinct DeviceId)) | join kind=leftsemi d on DeviceId`,
    );
    expect(prepared.tables.find((one) => one.table === 'DeviceInfo')?.lookbackMs).toBe(7 * DAY_MS);
  });

  it('yields to window.tables', async () => {
    const context = 'DeviceInfo | where Timestamp > ago(30d)';
    expect(await lookedUp(context, { tables: { DeviceInfo: 40 * DAY_MS } })).toEqual([[40, 30, 'kept']]);
    expect(await lookedUp(context, { tables: { DeviceInfo: DAY_MS } })).toEqual([[1, 30, 'kept']]);
    expect(await lookedUp(context, { tables: { DeviceInfo: 'none' } })).toEqual([[null, 30, 'kept']]);
  });
});

describe('an end before now of a stream', () => {
  const upper = async (condition: string, before = ''): Promise<number | string> => {
    const { upperMs, unclearFilters } = await prepare(`${E} ${before} | where ${condition}`);
    return unclearFilters.length > 0 ? 'unclear' : upperMs / HOUR_MS;
  };

  it.each([
    ['Timestamp <= endofday(ago(1d))', 24],
    ['Timestamp <= endofday(now(), -1)', 24],
    ['Timestamp between (startofday(ago(1d)) .. endofday(ago(1d)))', 24],
    ['Timestamp < startofday(now())', 24],
    ['Timestamp < startofmonth(now(), -1)', 62 * 24],
    ['Timestamp < endofmonth(ago(40d), 1)', 12 * 24],
    ['Timestamp + 1h < now()', 1],
    ['1h + Timestamp < ago(1h)', 2],
    ['Timestamp - 1h < ago(3h)', 2],
    ['datetime_add("hour", 1, Timestamp) < now()', 1],
    ['datetime_add("month", 1, Timestamp) < now()', 31 * 24],
    ['datetime_add("hour", -1, Timestamp) < ago(3h)', 2],
    ['bin(Timestamp, 1h) < ago(2h)', 2],
    ['startofday(Timestamp) == startofday(ago(1d))', 48],
    ['endofday(Timestamp) < now()', 24],
    ['bin(Timestamp, 1h) < bin(now(), 1h)', 1],
    ['datetime_diff("day", now(), Timestamp) == 1', 24],
    ['1 == datetime_diff("hour", now(), Timestamp)', 1],
    ['(now() - Timestamp) / 1h > 2', 2],
    ['(now() - Timestamp) / 30m between (3 .. 9)', 1.5],
    ['now() - bin(Timestamp, 1h) > 3h', 3],
    ['todatetime(Timestamp) < ago(1h)', 1],
    ['Timestamp < datetime(2026-01-01)', 0],
    ['Timestamp == datetime(2026-01-01)', 0],
    ['Timestamp < Timestamp + 1h', 0],
    ['RegistryKey == tostring(ago(1h))', 0],
  ])('is as far away as %s says: %p h', async (condition, hours) => {
    expect(await upper(condition)).toBe(hours);
  });

  it.each([
    ['| extend Age = now() - Timestamp', 'Age > 1h', 1],
    ['| extend Age = now() - Timestamp | extend Older = Age', 'Older >= 2h', 2],
    ['| extend Hours = datetime_diff("hour", now(), Timestamp)', 'Hours >= 3', 3],
    ['| extend Later = Timestamp + 4h', 'Later < now()', 4],
    ['| project Timestamp, Age = now() - Timestamp', 'Age between (1h .. 9h)', 1],
    ['| project T = Timestamp, Age = now() - Timestamp', 'Age >= 6h', 6],
    ['| project T = Timestamp | extend U = T', 'U < ago(5h)', 5],
    ['', 'Timestamp < toscalar(print ago(2h))', 2],
    ['', 'Timestamp < toscalar(print X = ago(3h))', 3],
  ])('is seen behind a computed column: %s, %s: %p h', async (before, condition, hours) => {
    expect(await upper(condition, before)).toBe(hours);
  });

  it.each([
    ['', 'Timestamp < todatetime(format_datetime(now(), "yyyy-MM-dd"))'],
    ['', 'format_datetime(Timestamp, "yyyy-MM-dd") == format_datetime(ago(1d), "yyyy-MM-dd")'],
    ['', 'ActionType == "x" or Timestamp < ago(1h)'],
    ['', 'not(Timestamp > ago(1h))'],
    ['', 'Timestamp != ago(1h)'],
    ['', 'Timestamp !between (ago(1d) .. ago(1h))'],
    ['| extend I = ingestion_time()', 'iff(I < ago(2h), true, false)'],
    ['', 'tolong((now() - Timestamp) / 1h) > 2'],
    ['', 'Timestamp < max_of(ago(1h), ago(2h))'],
    ['', 'Timestamp < datetime_local_to_utc(ago(1h), "UTC")'],
    ['', 'ingestion_time() < toscalar(DeviceInfo | summarize max(Timestamp))'],
    ['| extend Old = Timestamp < ago(1h)', 'Old'],
    ['| project Age = now() - Timestamp, ActionType', 'Age > 1h'],
    ['| extend Timestamp = bin(now(), 1h)', 'Timestamp < ago(1h)'],
  ])('that nothing constant tells is said to be so: %s, %s', async (before, condition) => {
    expect(await upper(condition, before)).toBe('unclear');
  });

  it('through a function, where the call stands', async () => {
    const old = 'let old = (t: datetime) { t < todatetime(tostring(ago(1h))) };';
    const query = `${old} ${E} | where old(Timestamp)`;
    const { unclearFilters } = await prepare(query);
    expect(unclearFilters.map(({ start, end }) => query.slice(start, end))).toEqual(['old(Timestamp)']);
  });

  it('through a parameter of the query, which is its default', async () => {
    const { upperMs, unclearFilters } = await prepare(
      `declare query_parameters(age: timespan = 3h); ${E} | where Timestamp < ago(age)`,
    );
    expect([upperMs / HOUR_MS, unclearFilters]).toEqual([3, []]);
  });

  it.each([
    'MyTable_CL | extend Local = TimeGenerated + 5h | where Local > ago(7d)',
    'MyTable_CL | extend Age = now() - TimeGenerated | where Age > 1d',
    'union isfuzzy=true SigninLogs, MyTable_CL | where ingestion_time() > ago(70m)',
  ])('of tables whose columns nobody knows: %s', async (query) => {
    expect((await prepare(query)).unclearFilters).toEqual([]);
  });

  it('is nothing to a set', async () => {
    const { unclearFilters } = await prepare(`${E} | where not(Timestamp > ago(1h)) | summarize count()`);
    expect(unclearFilters).toEqual([]);
  });
});
