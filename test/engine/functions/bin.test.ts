import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SCALAR_FUNCTIONS } from '../../../src/engine/functions/registry.ts';
import { type EvaluationContext, ORIGIN_TICKS } from '../../../src/engine/value.ts';
import { canonical } from '../../../src/engine/values/integer.ts';
import { evaluate } from '../evaluate.ts';

const CONTEXT: EvaluationContext = { now: 0, random: () => 0, spend: () => undefined, tick: () => undefined };

function floorBy(value: bigint, size: bigint): bigint {
  return value - (((value % size) + size) % size);
}

describe('bin', () => {
  it.each([
    ['bin(4.5, 1)', 4],
    ['bin(-4.5, 1)', -5],
    ['bin(17, 5)', 15],
    ['bin(-1, 5)', -5],
    ['bin(16d, 7d)', '14.00:00:00'],
    ['bin(datetime(1970-05-11 13:45:07), 1d)', '1970-05-11T00:00:00Z'],
    ['bin(datetime(2024-03-05 07:08:09), 15m)', '2024-03-05T07:00:00Z'],
    ['bin(datetime(2024-03-05), 7d)', '2024-03-04T00:00:00Z'],
    ['bin(5, 0)', null],
    ['bin(5, -1)', null],
    ['bin(long(null), 5)', null],
    ['bin(5, long(null))', null],
    ['bin_at(6.5, 2.5, 7)', 4.5],
    ['bin_at(datetime(2024-03-05 07:08), 1d, datetime(2024-01-01 12:00))', '2024-03-04T12:00:00Z'],
    ['bin_at(time(1h), 1d, 12h)', '-12:00:00'],
    ['floor(4.7, 1)', 4],
    ['ceiling(4.1)', 5],
    ['ceiling(-4.9)', -4],
    ['round(2.98765, 3)', 2.988],
    ['round(2.15, 1)', 2.2],
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round(-50.55, -2)', -100],
    ['round(21.5, -1)', 20],
    ['round(real(null), 1)', null],
    ['around(5, 4, 1)', true],
    ['around(1.5, 1.0, 0.5)', true],
    ['around(1.6, 1.0, 0.5)', false],
    ['around(real(null), 1.0, 1)', null],
    ['around(5, 3, 1)', false],
    ['around(datetime(2020-01-01 00:00:30), datetime(2020-01-01), 1m)', true],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it('agrees with big integers for longs, and counts datetimes from the year 1', () => {
    const long = fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n });
    const size = fc.bigInt({ min: 1n, max: 2n ** 55n });
    const bin = SCALAR_FUNCTIONS.get('bin');
    const longs = bin?.bind(['long', 'long'], 'long', [], CONTEXT);
    const datetimes = bin?.bind(['datetime', 'timespan'], 'datetime', [], CONTEXT);
    fc.assert(
      fc.property(long, size, (value, step) => {
        expect(longs?.(canonical(value), canonical(step))).toBe(canonical(floorBy(value, step)));
        const expected = canonical(floorBy(value + ORIGIN_TICKS, step) - ORIGIN_TICKS);
        expect(datetimes?.(canonical(value), canonical(step))).toBe(expected);
      }),
    );
  });
});
