import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/duration.ts';
import { classifyAnswer } from '../../src/sources/errors.ts';
import { traits as graph } from '../../src/sources/graph.ts';
import { isOwnWord, listenForTime } from '../../src/sources/heard-time.ts';
import { traits as mde } from '../../src/sources/mde.ts';
import { isBroken } from '../../src/sources/network-error.ts';
import { fitsQuota } from '../../src/sources/quota/day-cost.ts';
import { laneShare } from '../../src/sources/quota/lanes.ts';
import { callsSince, meanRunMs, waitFor } from '../../src/sources/quota/periods.ts';
import { readErrorBody } from '../../src/sources/read-body.ts';
import { readServiceError } from '../../src/sources/service-answer.ts';
import { requireServiceUrl } from '../../src/sources/service-url.ts';
import { type QuotaLimits, UNLIMITED } from '../../src/sources/source.ts';
import { throttleWait } from '../../src/sources/throttle-wait.ts';
import { traits as xdr } from '../../src/sources/xdr.ts';

describe('the three APIs', () => {
  it.each([
    {
      traits: graph,
      api: 'graph',
      path: '/v1.0/security/runHuntingQuery',
      permission: { application: 'ThreatHunting.Read.All', delegated: 'ThreatHunting.Read.All' },
      retiresOn: null,
    },
    {
      traits: xdr,
      api: 'xdr',
      path: '/api/advancedhunting/run',
      permission: { application: 'AdvancedHunting.Read.All', delegated: 'AdvancedHunting.Read' },
      retiresOn: '2027-02-01',
    },
    {
      traits: mde,
      api: 'mde',
      path: '/api/advancedqueries/run',
      permission: { application: 'AdvancedQuery.Read.All', delegated: 'AdvancedQuery.Read' },
      retiresOn: '2027-02-01',
    },
  ])('$api has its path, its permissions and its end', ({ traits, api, path, permission, retiresOn }) => {
    expect(traits).toMatchObject({ api, path, permission, retiresOn });
  });
});

describe('how long a 429 asks to wait', () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 10);
  const wait = (text: string, retryAfter: string | null = null) => throttleWait({ retryAfter, text, now });

  it.each([
    ['Try again in 8 seconds.', 8 * SECOND_MS],
    ['in 1.001 seconds', 1001],
    ['in 0.5 second', SECOND_MS],
    ['in 2 Minutes', 2 * MINUTE_MS],
    ['in 1.5 hours', 1.5 * HOUR_MS],
    ['again in 00:05:30', 5 * MINUTE_MS + 30 * SECOND_MS],
    ['again in 1.02:00:00', DAY_MS],
    ['again in 01:00:00', HOUR_MS],
    ['45 per 00:01:00', 50 * SECOND_MS],
    ['1500 per 01:00:00', HOUR_MS - 10 * SECOND_MS],
    ['45 per 00:00:00', MINUTE_MS],
    ['45 per 00:01:00, again in 00:00:05', 5 * SECOND_MS],
    ['in 9 seconds, again in 00:00:20', 20 * SECOND_MS],
    ['too many', MINUTE_MS],
    ['', MINUTE_MS],
    ['in 48 hours', DAY_MS],
  ])('%s: %d ms', (text, ms) => {
    expect(wait(text)).toBe(ms);
  });

  it('is the longest of what is told', () => {
    expect(wait('in 8 seconds', '30')).toBe(30 * SECOND_MS);
    expect(wait('in 8 seconds', '5')).toBe(8 * SECOND_MS);
    expect(wait('45 per 00:01:00', '5')).toBe(5 * SECOND_MS);
    expect(wait('', '0')).toBe(SECOND_MS);
  });
});

describe('an answer without words', () => {
  const api = { api: 'graph', permission: 'ThreatHunting.Read.All', retiresOn: null };
  const ending = { ...api, api: 'mde', retiresOn: '2027-02-01' };

  it.each<[number, string, boolean]>([
    [400, 'SOURCE_QUERY_INVALID', false],
    [401, 'SOURCE_AUTH', true],
    [402, 'SOURCE_SERVER', false],
    [403, 'SOURCE_PERMISSION', false],
    [404, 'SOURCE_SERVER', false],
    [405, 'SOURCE_SERVER', false],
    [406, 'SOURCE_SERVER', false],
    [408, 'SOURCE_TIMEOUT', true],
    [410, 'SOURCE_SERVER', false],
    [413, 'SOURCE_BODY_TOO_LARGE', false],
    [414, 'SOURCE_BODY_TOO_LARGE', false],
    [422, 'SOURCE_QUERY_INVALID', false],
    [429, 'SOURCE_THROTTLED', true],
    [499, 'SOURCE_SERVER', false],
    [500, 'SOURCE_TIMEOUT', true],
    [501, 'SOURCE_SERVER', true],
    [502, 'SOURCE_SERVER', true],
    [503, 'SOURCE_SERVER', true],
    [504, 'SOURCE_TIMEOUT', true],
  ])('means by its status %d: %s', (status, code, retryable) => {
    const answer = { status, body: '', retryAfter: null, now: 0 };
    expect(classifyAnswer(answer, api)).toMatchObject({ code, retryable });
    const isGone = status === 404 || status === 410;
    expect(classifyAnswer(answer, ending).code).toBe(isGone ? 'SOURCE_RETIRED' : code);
  });

  it('of 404 and its like says where to look', () => {
    const said = (status: number, one = api) =>
      classifyAnswer({ status, body: '', retryAfter: null, now: 0 }, one).message;
    for (const status of [404, 405, 410]) expect(said(status)).toContain('there is no such API there');
    expect(said(406)).toContain('no answer of the API looks so');
  });
});

describe('a connection that broke', () => {
  const error = (code: string, cause?: Error) => Object.assign(new Error('x', { cause }), { code });

  it.each<[Error, boolean]>([
    [error('ECONNRESET'), true],
    [error('ECONNABORTED'), true],
    [error('EPIPE'), true],
    [error('UND_ERR_SOCKET'), true],
    [error('UND_ERR_SOCKET', error('OTHER')), true],
    [error('OTHER', error('EPIPE')), true],
    [error('OTHER'), false],
    [error('ECONNREFUSED'), false],
    [error('UND_ERR_BODY_TIMEOUT', error('ECONNRESET')), false],
  ])('is told from one that could not be made: %s', (failure, broken) => {
    expect(isBroken(failure)).toBe(broken);
  });
});

describe('what an error body says', () => {
  const long = 'x'.repeat(5000);

  it.each([
    ['plain text', long],
    ['a page', `<p>${long}</p>`],
    ['a message', JSON.stringify({ error: { message: long } })],
    ['a code', JSON.stringify({ error: { code: long } })],
  ])('is looked at for 4 kB: %s', (_name, body) => {
    const { code, text } = readServiceError(body);
    expect(Math.max(code.length, text.length)).toBeLessThanOrEqual(4096);
    expect(Math.max(code.length, text.length)).toBeGreaterThanOrEqual(4095);
  });

  it('is read no further than 64 kB: what hangs behind them is not waited for', async () => {
    const parts = [Buffer.alloc(65_535, 'x'), Buffer.from('y')];
    const hanging = new Readable({
      read() {
        const part = parts.shift();
        if (part) this.push(part);
      },
    });
    const text = await readErrorBody(hanging, createManualClock(0));
    expect([text.length, text.at(-1), hanging.destroyed]).toEqual([65_536, 'y', true]);
  });
});

describe('what does not fit the quota', () => {
  const limits = (callsPerMinute: number, callsPerHour: number): QuotaLimits => ({
    ...UNLIMITED,
    callsPerMinute,
    callsPerHour,
  });

  it('is told the worst first, whichever that is', () => {
    const told = (minute: number, hour: number) =>
      fitsQuota([{ ruleId: 'r', calls: 144_000 }], limits(minute, hour)).findings.map(({ limit }) => limit);
    expect(told(10, 1000)).toEqual(['callsPerMinute', 'callsPerHour']);
    expect(told(50, 100)).toEqual(['callsPerHour', 'callsPerMinute']);
    expect(told(100, 6000)).toEqual([]);
    expect(told(99, 6000)).toEqual(['callsPerMinute']);
  });

  it('names rules of one cost by their ids', () => {
    const plans = ['b', 'a', 'c'].map((ruleId) => ({ ruleId, calls: 1 }));
    expect(fitsQuota(plans, UNLIMITED).costs.map(({ ruleId }) => ruleId)).toEqual(['a', 'b', 'c']);
  });
});

describe('calls in sliding periods', () => {
  const calls = [0, 10, 10, 20, 35].map((at) => ({ at, runMs: at + 1 }));

  it.each([
    [-1, 5],
    [0, 4],
    [9, 4],
    [10, 2],
    [20, 1],
    [34, 1],
    [35, 0],
  ])('are those that began after %d: %d', (since, count) => {
    expect(callsSince(calls, since)).toEqual(calls.slice(5 - count));
  });

  it('take the mean of a day', () => {
    expect(meanRunMs([], 0)).toBe(0);
    expect(meanRunMs(calls, 30)).toBe((1 + 11 + 11 + 21 + 36) / 5);
    expect(meanRunMs(calls, DAY_MS + 10)).toBe((21 + 36) / 2);
  });

  it.each([
    ['critical', 40],
    ['high', 40],
    ['medium', 36],
    ['low', 34],
    ['informational', 32],
    ['backlog', 24],
  ] as const)('leave %s its share: %d of 40', (lane, allowed) => {
    const limits = { ...UNLIMITED, callsPerMinute: 40 };
    const full = (count: number) =>
      waitFor({
        calls: Array(count).fill({ at: 5, runMs: 0 }),
        limits,
        now: 10,
        share: laneShare(lane),
        expectedMs: 0,
      });
    expect(full(allowed - 1)).toBeNull();
    expect(full(allowed)).toEqual({ until: MINUTE_MS + 5, reason: 'callsPerMinute' });
  });

  it('leave every lane one call, however small its share', () => {
    const limits = { ...UNLIMITED, callsPerHour: 1 };
    const demand = { limits, now: 10, share: 0.1, expectedMs: 0 };
    expect(waitFor({ ...demand, calls: [] })).toBeNull();
    expect(waitFor({ ...demand, calls: [{ at: 3, runMs: 0 }] })).toEqual({
      until: HOUR_MS + 3,
      reason: 'callsPerHour',
    });
  });

  it('wait for run time until what is used and what is expected fit', () => {
    const demand = { limits: { ...UNLIMITED, runSecondsPerHour: 10 }, now: 100, share: 1, expectedMs: 2000 };
    const used = (...runs: number[]) => runs.map((runMs, at) => ({ at, runMs }));
    expect(waitFor({ ...demand, calls: used(4000, 4000) })).toBeNull();
    expect(waitFor({ ...demand, calls: used(4000, 4001) })).toEqual({ until: HOUR_MS, reason: 'runSecondsPerHour' });
    expect(waitFor({ ...demand, calls: used(1000, 4000, 4000) })).toEqual({
      until: HOUR_MS,
      reason: 'runSecondsPerHour',
    });
    expect(waitFor({ ...demand, calls: used(1000, 4000, 6000) })).toEqual({
      until: HOUR_MS + 1,
      reason: 'runSecondsPerHour',
    });
    expect(waitFor({ ...demand, expectedMs: 0, calls: used(10_000) })).toEqual({
      until: HOUR_MS,
      reason: 'runSecondsPerHour',
    });
    expect(waitFor({ ...demand, expectedMs: 99_000, calls: used(0) })).toBeNull();
    const half = { ...demand, share: 0.5, expectedMs: 0 };
    expect([waitFor({ ...half, calls: used(4999) }), waitFor({ ...half, calls: used(5000) })?.reason]).toEqual([
      null,
      'runSecondsPerHour',
    ]);
  });
});

describe('the time that a host tells', () => {
  const date = 'Thu, 01 Jan 2026 12:00:00 GMT';
  const NOON = Date.UTC(2026, 0, 1, 12);

  it('is its latest Date and what has passed since', async () => {
    const clock = createManualClock(0);
    const heard = listenForTime(clock, true);
    expect([heard.now(), heard.answered()]).toEqual([null, false]);
    heard.note(500, { date });
    await clock.advance(1500);
    expect([heard.now(), heard.answered()]).toEqual([NOON + 1500, true]);
    heard.forget();
    expect([heard.now(), heard.answered()]).toEqual([null, false]);
  });

  it.each([
    ['a proxy that wants a login', 407, { date }],
    ['a cache', 200, { date, age: '0' }],
    ['nobody', 200, {}],
    ['a broken clock', 200, { date: 'soon' }],
  ])('is not that of %s, and what was known stays', (_name, status, headers) => {
    const heard = listenForTime(createManualClock(0), true);
    heard.note(status, headers);
    expect([heard.now(), heard.answered()]).toEqual([null, true]);
    heard.note(200, { date: [date, 'soon'] });
    heard.note(status, headers);
    expect(heard.now()).toBe(NOON);
  });

  it('is nobody’s where it does not count', () => {
    const heard = listenForTime(createManualClock(0), false);
    heard.note(200, { date });
    expect([heard.now(), heard.answered()]).toEqual([null, true]);
  });

  it.each([
    ['https://graph.example', 'http://proxy.example', true],
    ['http://127.0.0.1:1', null, true],
    ['http://127.0.0.1:1', 'http://proxy.example', false],
  ])('of %s behind %s counts: %s', (url, proxy, counts) => {
    expect(isOwnWord(new URL(url), proxy)).toBe(counts);
  });
});

describe('the URL of a service', () => {
  it.each([
    ['https://a.example', 'https://a.example/'],
    ['https://a.example/x//', 'https://a.example/x'],
    ['https://a.example/x/?q=1#h', 'https://a.example/x'],
    ['http://localhost:1/', 'http://localhost:1/'],
  ])('%s is %s', (text, url) => {
    expect(requireServiceUrl(text, 'w').href).toBe(url);
  });

  it.each([
    ['a.example', 'w: this is no URL; write https://host.'],
    ['ftp://a.example', 'w: this is no URL; write https://host.'],
    ['https://user@a.example', 'w: the URL must not carry a user or password.'],
    ['https://:pass@a.example', 'w: the URL must not carry a user or password.'],
    ['http://a.example', 'w: a.example must be asked over https; http is for loopback hosts only.'],
  ])('%s is refused', (text, message) => {
    expect(() => requireServiceUrl(text, 'w')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message }));
  });
});
