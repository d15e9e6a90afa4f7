import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('mathematics', () => {
  it.each([
    ['sqrt(9)', 3],
    ['sqrt(-1)', 'NaN'],
    ['sign(real(nan))', 0],
    ['max_of(real(nan), 1.0)', 'NaN'],
    ['min_of(1.0, real(nan))', 'NaN'],
    ['log(-1)', null],
    ['log10(1000)', 3],
    ['log2(8)', 3],
    ['exp(0)', 1],
    ['exp2(3)', 8],
    ['exp10(2)', 100],
    ['pow(2, 10)', 1024],
    ['pow(2, real(null))', null],
    ['cot(pi() / 4) > 0.99999', true],
    ['degrees(pi())', 180],
    ['radians(180) == pi()', true],
    ['atan2(0, 1)', 0],
    ['sin(0) + cos(0) + tan(0) + asin(0) + acos(1) + atan(0)', 1],
    ['sign(-5)', -1],
    ['sign(0.0)', 0],
    ['abs(-5)', 5],
    ['abs(-5.5)', 5.5],
    ['abs(-1h)', '01:00:00'],
    ['abs(decimal(-1.5))', '1.5'],
    ['abs(long(null))', null],
    ['abs(-9223372036854775807)', '9223372036854775807'],
    ['binary_and(12, 10)', 8],
    ['binary_or(12, 10)', 14],
    ['binary_xor(12, 10)', 6],
    ['binary_not(0)', -1],
    ['binary_and(9223372036854775807, -1)', '9223372036854775807'],
    ['binary_shift_left(1, 62)', '4611686018427387904'],
    ['binary_shift_left(1, 64)', 1],
    ['binary_shift_right(-8, 1)', -4],
    ['binary_shift_left(1, -1)', null],
    ['binary_or(1, long(null))', null],
    ['bitset_count_ones(42)', 3],
    ['bitset_count_ones(-1)', 64],
    ['rand() < 1', true],
    ['rand(10) between (0 .. 9)', true],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
