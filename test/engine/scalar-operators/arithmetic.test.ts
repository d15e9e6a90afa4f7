import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arithmetic } from '../../../src/engine/scalar-operators/arithmetic.ts';
import type { Value } from '../../../src/engine/value.ts';
import { canonical } from '../../../src/engine/values/integer.ts';
import { DAY, HOUR } from '../../../src/engine/values/ticks.ts';

type Row = readonly [string, Value, string, string, Value, string, Value];

const ROWS: readonly Row[] = [
  ['long', 7, '/', 'long', 2, 'long', 3],
  ['long', -7, '/', 'long', 2, 'long', -3],
  ['long', 7, '/', 'long', 0, 'long', null],
  ['long', -7, '%', 'long', 4, 'long', 1],
  ['long', 7, '%', 'long', 0, 'long', null],
  ['int', 2_147_483_647, '+', 'int', 1, 'int', -2_147_483_648],
  ['long', 1, '+', 'real', 0.5, 'real', 1.5],
  ['real', 1, '/', 'real', 0, 'real', Number.POSITIVE_INFINITY],
  ['real', -5.5, '%', 'real', 2, 'real', 0.5],
  [
    'decimal',
    { unscaled: 1n, scale: 1 },
    '+',
    'decimal',
    { unscaled: 2n, scale: 1 },
    'decimal',
    { unscaled: 3n, scale: 1 },
  ],
  ['decimal', { unscaled: 15n, scale: 1 }, '*', 'long', 2, 'decimal', { unscaled: 30n, scale: 1 }],
  ['datetime', DAY, '+', 'timespan', HOUR, 'datetime', DAY + HOUR],
  ['timespan', HOUR, '+', 'datetime', DAY, 'datetime', DAY + HOUR],
  ['datetime', DAY, '-', 'timespan', HOUR, 'datetime', DAY - HOUR],
  ['datetime', DAY, '-', 'datetime', HOUR, 'timespan', DAY - HOUR],
  ['datetime', DAY, '-', 'timespan', 2n ** 62n, 'datetime', null],
  ['timespan', DAY, '/', 'timespan', HOUR, 'real', 24],
  ['timespan', HOUR, '%', 'timespan', 7, 'timespan', HOUR % 7],
  ['timespan', HOUR, '*', 'real', 1.5, 'timespan', 1.5 * HOUR],
  ['long', 3, '*', 'timespan', HOUR, 'timespan', 3 * HOUR],
  ['timespan', HOUR, '/', 'long', 2, 'timespan', HOUR / 2],
  ['dynamic', 2, '+', 'long', 3, 'dynamic', 5],
  ['dynamic', { real: 2 }, '+', 'long', 3, 'dynamic', { real: 5 }],
  ['dynamic', 'x', '+', 'long', 3, 'dynamic', null],
  ['string', '4', '*', 'long', 3, 'long', 12],
];

describe('arithmetic', () => {
  it.each(ROWS)('%s %p %s %s %p as %s is %p', (left, a, operator, right, b, result, expected) => {
    expect(arithmetic(operator, left, right, result)?.(a, b)).toEqual(expected);
  });

  it('is null where an operand is', () => {
    for (const [left, a, operator, right, b, result] of ROWS) {
      const call = arithmetic(operator, left, right, result);
      expect([call?.(null, b), call?.(a, null), call?.(null, null)]).toEqual([null, null, null]);
    }
  });

  it('does not exist for types that have nothing to do with each other', () => {
    expect([
      arithmetic('*', 'datetime', 'long', 'datetime'),
      arithmetic('+', 'datetime', 'datetime', 'datetime'),
    ]).toEqual([null, null]);
    expect([arithmetic('/', 'long', 'timespan', 'real'), arithmetic('^', 'long', 'long', 'long')]).toEqual([
      null,
      null,
    ]);
  });

  it('wraps longs like big integers', () => {
    const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(long, long, (a, b) => {
        const call = arithmetic('*', 'long', 'long', 'long');
        expect(call?.(canonical(a), canonical(b))).toBe(canonical(BigInt.asIntN(64, a * b)));
      }),
    );
  });
});
