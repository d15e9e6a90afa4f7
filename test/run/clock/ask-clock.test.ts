import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, HuntwireError } from '../../../src/lib/errors.ts';
import { askClock, timeOf } from '../../../src/run/clock/ask-clock.ts';
import { greet } from '../../../src/run/clock/greet.ts';
import { learnClock } from '../../../src/run/clock/learn-clock.ts';
import { HOUR, T0 } from '../story.ts';
import { clockBench } from './clock-bench.ts';

const failed = (code: ErrorCode, serviceTime?: number) =>
  new HuntwireError(code, 'x', serviceTime === undefined ? {} : { serviceTime });

/** Asks once where the call ends like this and noting it ends like that. */
async function asked({ query = null as HuntwireError | null, end = null as HuntwireError | null, stopped = false }) {
  const { bench } = clockBench();
  const stop = new AbortController();
  if (stopped) stop.abort();
  const sent: unknown[] = [];
  const own = bench.tenant.source.query;
  const tenant = {
    ...bench.tenant,
    source: {
      ...bench.tenant.source,
      query: (async (request, sink) => {
        sent.push([request.ruleId, request.query, request.fresh]);
        if (query) throw query;
        return own(request, sink);
      }) as typeof own,
    },
    meter: {
      ...bench.tenant.meter,
      end: async () => {
        if (end) throw end;
      },
    },
  };
  const answer = await askClock(tenant, { call: 7, fresh: true, signal: stop.signal }, bench.deps).catch(
    (error: unknown) => error,
  );
  return { answer, sent, observed: bench.tenant.serviceClock.hasHeard() };
}

describe('the question for the time', () => {
  it('is the cheapest query, under a name of its own, and its answer is observed', async () => {
    const { answer, sent, observed } = await asked({});
    expect(sent).toEqual([['clock', 'print now()', true]]);
    expect(answer).toMatchObject({ call: 7, runMs: 0, end: { serviceTime: T0 }, error: null });
    expect(observed).toBe(true);
  });

  it('gives what the service failed with', async () => {
    const error = failed('SOURCE_SERVER');
    expect((await asked({ query: error })).answer).toEqual({ call: 7, runMs: 0, end: null, error });
  });

  it.each(['STATE_BUSY', 'ABORTED'] as const)('rejects with %s', async (code) => {
    const error = failed(code);
    expect((await asked({ query: failed('SOURCE_SERVER'), end: error })).answer).toBe(error);
  });

  it('rejects where the work was stopped, whatever it fails with', async () => {
    const error = failed('SOURCE_SERVER');
    expect((await asked({ query: error, stopped: true })).answer).toBe(error);
  });

  it('is answered by a refusal, too', () => {
    const call = { call: 1, runMs: 0, end: null, error: null };
    const end = { rows: 0, truncated: false, bytes: 0, elapsedMs: 0, serviceTime: T0 };
    expect([
      timeOf(call),
      timeOf({ ...call, end }),
      timeOf({ ...call, error: failed('SOURCE_AUTH', T0 + 1) }),
      timeOf({ ...call, error: failed('SOURCE_NETWORK') }),
    ]).toEqual([null, T0, T0 + 1, null]);
  });
});

describe('a login', () => {
  async function greeted(answer: (() => Promise<number | null>) | undefined, stop = new AbortController()) {
    const { bench } = clockBench();
    const { serviceClock, source } = bench.tenant;
    const { greet: _, ...mute } = source;
    const greeting = await greet({ source: answer ? { ...mute, greet: answer } : mute, serviceClock }, stop.signal);
    return { greeting, observed: serviceClock.hasHeard() };
  }

  it('may tell the time, also where it refuses', async () => {
    expect(await greeted(async () => T0)).toEqual({ greeting: { serviceTime: T0, failure: null }, observed: true });
    const failure = failed('SOURCE_AUTH', T0);
    const refused = await greeted(() => Promise.reject(failure));
    expect(refused).toEqual({ greeting: { serviceTime: T0, failure }, observed: true });
  });

  it('may tell nothing, or not be there', async () => {
    const nothing = { greeting: { serviceTime: null, failure: null }, observed: false };
    expect(await greeted(async () => null)).toEqual(nothing);
    expect(await greeted(undefined)).toEqual(nothing);
  });

  it('ends with the work', async () => {
    const stop = new AbortController();
    const stopping = async (): Promise<number> => {
      stop.abort(new Error('stopped'));
      return T0;
    };
    await expect(greeted(stopping, stop)).rejects.toThrow('stopped');
  });
});

describe('what stands in the way of the time', () => {
  const codeOf = async (off: (nth: number) => number | null, waitMs: number) => {
    const { bench, clock } = clockBench({ login: 'is silent', off });
    const options = { deadline: clock.monotonic() + waitMs, signal: new AbortController().signal };
    const [learnt] = await Promise.allSettled([
      learnClock(bench.tenant, options, { clock, cache: bench.store.cache }),
      clock.advance(HOUR),
    ]);
    return learnt.status === 'rejected' ? learnt.reason : null;
  };

  it('is told in words, and may be over another time', async () => {
    const differs = await codeOf((nth) => nth * 24 * HOUR, 0);
    expect(differs).toMatchObject({ code: 'SOURCE_CLOCK', retryable: true });
    expect(differs.message).toContain('tenant default: answers do not agree');
    expect(await codeOf(() => null, 0)).toMatchObject({ code: 'SOURCE_NETWORK' });
  });

  it('is waited for to the very deadline', async () => {
    const wrongOnce = (nth: number): number => (nth === 1 ? 24 * HOUR : 0);
    expect(await codeOf(wrongOnce, 20_000)).toBeNull();
    expect(await codeOf(wrongOnce, 19_999)).toMatchObject({ code: 'SOURCE_CLOCK' });
  });
});
