import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../../src/lib/duration.ts';
import { prepare } from '../queries.ts';

describe('reach', () => {
  it.each([
    ['no time', 'DeviceEvents', 0],
    ['ago', 'DeviceEvents | where Timestamp > ago(7d)', 7],
    ['the largest of several', 'DeviceEvents | where Timestamp between (ago(14d) .. ago(1h))', 14],
    ['now with an offset', 'DeviceEvents | where Timestamp > now(-3d)', 3],
    ['now less something', 'DeviceEvents | where Timestamp > now() - 2d - 12h', 2.5],
    ['the future', 'DeviceEvents | where Timestamp < now(1d)', 0],
    ['a let', 'let back = 30d; DeviceEvents | where Timestamp > ago(back)', 30],
    ['arithmetic in lets', 'let days = 2; let start = ago(days * 1d); DeviceEvents | where Timestamp > start - 1d', 3],
    ['datetime_add', 'DeviceEvents | where Timestamp > datetime_add("day", -10, now())', 10],
    [
      'datetime_add by months, at their longest',
      'DeviceEvents | where Timestamp > datetime_add("month", -1, now())',
      31,
    ],
    ['startofday', 'DeviceEvents | where Timestamp > startofday(ago(1d))', 2],
    ['startofday with an offset', 'DeviceEvents | where Timestamp > startofday(now(), -2)', 3],
    ['bin', 'DeviceEvents | where Timestamp > bin(ago(1d), 1d)', 2],
    ['an argument', 'let f = (d: timespan) { DeviceEvents | where Timestamp > ago(d) }; f(5d)', 5],
    ['a default argument', 'let f = (d: timespan = 4d) { DeviceEvents | where Timestamp > ago(d) }; f()', 4],
    [
      'an argument of an invoked function',
      'let f = (T: (*), d: timespan) { T | where Timestamp > ago(d) }; DeviceEvents | invoke f(6d)',
      6,
    ],
    ['a timespan in clock form', 'DeviceEvents | where Timestamp > ago(time(1.12:00:00))', 1.5],
    ['a timespan as text', 'DeviceEvents | where Timestamp > ago(totimespan("3d"))', 3],
    ['a function that is never called', 'let f = () { DeviceEvents | where Timestamp > ago(90d) }; DeviceEvents', 0],
  ])('of %s', async (_, query, days) => {
    expect((await prepare(query, { keepFilters: 'always' })).reachMs).toBe(days * DAY_MS);
  });

  it.each([
    ['an absorbed filter', 'DeviceEvents | where Timestamp > ago(7d)', 0],
    ['an absorbed filter in a function', 'let f = (d: timespan) { DeviceEvents | where Timestamp > ago(d) }; f(5d)', 0],
    ['what is left beside one', 'DeviceEvents | where Timestamp > ago(7d) | extend New = Timestamp > ago(2d)', 2],
    ['a let that an absorbed filter names', 'let s = ago(7d); DeviceEvents | where Timestamp > s', 0],
    ['a let that is named elsewhere too', 'let s = ago(7d); DeviceEvents | where Timestamp > s | extend S = s', 7],
    [
      'the filter of a table that is looked up',
      'DeviceEvents | join kind=inner (DeviceInfo | where Timestamp > ago(30d) | distinct DeviceId) on DeviceId',
      0,
    ],
  ])('is not that of %s', async (_, query, days) => {
    expect((await prepare(query)).reachMs).toBe(days * DAY_MS);
  });

  it('takes params at their value', async () => {
    const query = 'DeviceEvents | where Timestamp > ago(days * 1d)';
    expect((await prepare(query, { params: { days: 9 }, keepFilters: 'always' })).reachMs).toBe(9 * DAY_MS);
  });

  it.each([
    'DeviceEvents | where Timestamp > ago(toscalar(DeviceInfo | summarize max(1d)))',
    'DeviceEvents | where Timestamp > now() - 1d * strlen(FileName)',
    'DeviceEvents | where Timestamp > datetime_add("day", -strlen(FileName), now())',
    'let f = (d: timespan) { DeviceEvents | where Timestamp > ago(d) }; f(toscalar(range D from 1d to 1d step 1d | summarize max(D)))',
  ])('is not constant in %s', async (query) => {
    expect((await prepare(query)).reachMs).toBeNull();
  });

  it('is not concerned by the age of a row', async () => {
    expect((await prepare('DeviceEvents | extend Age = now() - Timestamp')).reachMs).toBe(0);
  });
});

describe('time calls', () => {
  it('are found with their distance, in source order', async () => {
    const query = 'let d = 2h; DeviceEvents | where Timestamp between (ago(d) .. now(-1h)) and now() > Timestamp';
    const { timeCalls, usesTime } = await prepare(query);
    expect(usesTime).toBe(true);
    expect(timeCalls.map((one) => [query.slice(one.start, one.end), one.offsetMs])).toEqual([
      ['ago(d)', -2 * HOUR_MS],
      ['now(-1h)', -HOUR_MS],
      ['now()', 0],
    ]);
  });

  it.each([
    ['a filter that is absorbed', 'DeviceEvents | where Timestamp > ago(1h)', false],
    [
      'lets that only such a filter names',
      'let d = 1h; let s = ago(d); let t = s; DeviceEvents | where Timestamp >= t',
      false,
    ],
    ['a let that nothing names', 'let s = ago(1h); DeviceEvents', false],
    ['a function that nothing calls', 'let f = () { now() }; DeviceEvents', false],
    ['an end at now', 'DeviceEvents | where Timestamp between (ago(1h) .. now())', false],
    ['an end before now', 'DeviceEvents | where Timestamp between (ago(2h) .. ago(1h))', true],
    ['a let that is named elsewhere too', 'let s = ago(1h); DeviceEvents | where Timestamp > s | extend S = s', true],
    [
      'a filter of a table that is looked up',
      'DeviceEvents | where DeviceId in ((DeviceInfo | where Timestamp > ago(9d) | distinct DeviceId))',
      true,
    ],
  ])('are of no use in %s, or are', async (_, query, usesTime) => {
    expect(await prepare(query)).toMatchObject({ shape: 'stream', usesTime });
  });

  it('keep an argument that is not constant, with its sign', async () => {
    const query = 'let f = (d: timespan) { DeviceEvents | where Timestamp > ago( d ) }; f(1h)';
    const [call] = (await prepare(query)).timeCalls;
    expect(call).toMatchObject({ offsetMs: null, sign: '-' });
    expect(query.slice(call?.argumentStart, call?.argumentEnd)).toBe('d');
  });

  it('do not take a param for an argument of the same name', async () => {
    const query = 'let f = (days: int) { DeviceEvents | where Timestamp > ago(days * 1d) }; f(3)';
    const prepared = await prepare(query, { params: { days: 9 } });
    expect(prepared.timeCalls.map((one) => one.offsetMs)).toEqual([]);
    expect(prepared.findings.map((one) => one.code)).toEqual(['reserved-name']);
  });

  it('never fold what was rounded to the farthest', async () => {
    const query = 'DeviceEvents | where Timestamp > ago(now() - startofday(now()))';
    expect((await prepare(query)).timeCalls.map((one) => one.offsetMs)).toEqual([null, 0, 0]);
  });

  it('are calls of the language: texts, comments and columns of that name stay', async () => {
    const query = 'DeviceEvents | extend now = "ago(1d)" | where now == "now()" // now()';
    expect((await prepare(query)).timeCalls).toEqual([]);
  });
});
