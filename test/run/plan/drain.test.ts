import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '../../../src/lib/duration.ts';
import { drain } from '../../../src/run/plan/drain.ts';
import type { MinuteLoad } from '../../../src/run/plan/minute-load.ts';
import { LANES } from '../../../src/sources/quota/lanes.ts';
import { UNLIMITED } from '../../../src/sources/source.ts';

const LENGTH = 200;

function load(high: readonly number[], low: readonly number[] = []): Parameters<typeof drain>[0] {
  const filled = (counts: readonly number[]): Uint32Array =>
    Uint32Array.from({ length: LENGTH }, (_, at) => counts[at] ?? 0);
  const lanes = Object.fromEntries(LANES.map((lane) => [lane, filled([])]));
  return { from: 0, lanes: { ...lanes, high: filled(high), low: filled(low) } as MinuteLoad['lanes'] };
}

describe('drain', () => {
  it('lets the rest wait for the next minutes', () => {
    expect(drain(load([10, 0, 0]), { ...UNLIMITED, callsPerMinute: 4 }).get('high')).toEqual({
      longestMs: 2 * MINUTE_MS,
      at: 0,
    });
  });

  it('keeps to the hour, too', () => {
    const waits = drain(load([10, 0, 10]), { ...UNLIMITED, callsPerMinute: 40, callsPerHour: 15 });
    expect(waits.get('high')).toEqual({ longestMs: 58 * MINUTE_MS, at: 2 * MINUTE_MS });
  });

  it('tells what is left at the end as waiting to the end', () => {
    const waits = drain(load(Array.from({ length: LENGTH }, () => 2)), { ...UNLIMITED, callsPerMinute: 1 });
    expect(waits.get('high')?.longestMs).toBeGreaterThanOrEqual(99 * MINUTE_MS);
  });

  it('never makes a lane above wait for one below that has not waited', () => {
    const counts = fc.array(fc.nat({ max: 6 }), { maxLength: 10 });
    fc.assert(
      fc.property(counts, counts, (high, low) => {
        const limits = { ...UNLIMITED, callsPerMinute: 20 };
        const alone = drain(load(high), limits).get('high')?.longestMs ?? 0;
        expect(drain(load(high, low), limits).get('high')?.longestMs ?? 0).toBe(alone);
      }),
    );
  });
});
