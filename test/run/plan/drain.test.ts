import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../../src/lib/duration.ts';
import { drain } from '../../../src/run/plan/drain.ts';
import type { LaneQueue } from '../../../src/run/plan/minute-load.ts';
import type { Lane } from '../../../src/sources/quota/lanes.ts';
import { type QuotaLimits, UNLIMITED } from '../../../src/sources/source.ts';

const LENGTH = 200;

function load(high: readonly number[], low: readonly number[] = []): Parameters<typeof drain>[0] {
  const queue = (lane: Lane, counts: readonly number[]): LaneQueue => ({
    lane,
    intervalMs: MINUTE_MS,
    minutes: Uint32Array.from({ length: LENGTH }, (_, at) => counts[at] ?? 0),
  });
  return { from: 0, queues: [queue('high', high), queue('low', low)] };
}

function waitOf(of: Parameters<typeof drain>[0], limits: Partial<QuotaLimits>, lane: Lane = 'high') {
  const { longestMs = 0, at = 0 } = drain(of, { ...UNLIMITED, ...limits }).find((wait) => wait.lane === lane) ?? {};
  return { longestMs, at };
}

describe('drain', () => {
  it('lets a rule of long intervals wait longer before it rises, and gives risen ones every fourth call', () => {
    const high = Uint32Array.from({ length: LENGTH }, () => 10);
    const one = (intervalMs: number) =>
      ({
        lane: 'low',
        intervalMs,
        minutes: Uint32Array.from({ length: LENGTH }, (_, at) => (at === 0 ? 40 : 0)),
      }) as const;
    const wait = (intervalMs: number) =>
      waitOf(
        { from: 0, queues: [{ lane: 'high', intervalMs: MINUTE_MS, minutes: high }, one(intervalMs)] },
        { callsPerMinute: 10 },
        'low',
      );
    expect(wait(MINUTE_MS).longestMs / MINUTE_MS).toBeGreaterThanOrEqual(2 * 15 + 40 / 2.5 - 1);
    expect(wait(MINUTE_MS).longestMs / MINUTE_MS).toBeLessThan(60);
    expect(wait(10 * MINUTE_MS).longestMs / MINUTE_MS).toBeGreaterThanOrEqual(2 * 40 + 40 / 2.5 - 1);
  });

  it('keeps room for those that wait before what has risen from behind them', () => {
    const each = (count: number, every: number) =>
      Uint32Array.from({ length: LENGTH }, (_, at) => (at % every === 0 && at >= 100 ? count : 0));
    const queues: readonly LaneQueue[] = [
      { lane: 'low', intervalMs: 40 * MINUTE_MS, minutes: each(1, 40) },
      {
        lane: 'backlog',
        intervalMs: MINUTE_MS,
        minutes: Uint32Array.from({ length: LENGTH }, (_, at) => (at === 0 ? 900 : 0)),
      },
    ];
    expect(waitOf({ from: 0, queues }, { callsPerMinute: 3 }, 'low').longestMs).toBeLessThanOrEqual(2 * MINUTE_MS);
  });

  it('lets the rest wait for the next minutes', () => {
    expect(waitOf(load([10, 0, 0]), { callsPerMinute: 4 })).toEqual({
      longestMs: 2 * MINUTE_MS,
      at: 0,
    });
  });

  it('keeps to the hour, too', () => {
    const wait = waitOf(load([10, 0, 10]), { callsPerMinute: 40, callsPerHour: 15 });
    expect(wait).toEqual({ longestMs: 58 * MINUTE_MS, at: 2 * MINUTE_MS });
  });

  it('tells what is left at the end as waiting to the end', () => {
    const wait = waitOf(load(Array.from({ length: LENGTH }, () => 2)), { callsPerMinute: 1 });
    expect(wait.longestMs).toBeGreaterThanOrEqual(99 * MINUTE_MS);
  });

  it('never makes a lane above wait for one below that has not waited', () => {
    const counts = fc.array(fc.nat({ max: 6 }), { maxLength: 10 });
    fc.assert(
      fc.property(counts, counts, (high, low) => {
        const limits = { callsPerMinute: 20 };
        expect(waitOf(load(high, low), limits)).toEqual(waitOf(load(high), limits));
      }),
    );
  });
});
