import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  absolute,
  add,
  canonical,
  compareIntegers,
  divide,
  integerOfReal,
  modulo,
  multiply,
  negate,
  parseInteger,
  subtract,
  wrap32,
} from '../../../src/engine/values/integer.ts';

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;
/** Longs of every size, with the borders of 2^31, 2^53 and 2^63 among them. */
const long = fc.oneof(
  fc.bigInt({ min: SMALLEST, max: LARGEST }),
  fc.bigInt({ min: -100n, max: 100n }),
  fc.constantFrom(SMALLEST, LARGEST, 2n ** 53n, 2n ** 53n - 1n, -(2n ** 53n), 2n ** 31n, 0n),
);

function wrapped(value: bigint): number | bigint {
  return canonical(BigInt.asIntN(64, value));
}

describe('64-bit arithmetic', () => {
  it('agrees with big integers that wrap', () => {
    fc.assert(
      fc.property(long, long, (a, b) => {
        const [x, y] = [canonical(a), canonical(b)];
        expect(add(x, y)).toBe(wrapped(a + b));
        expect(subtract(x, y)).toBe(wrapped(a - b));
        expect(multiply(x, y)).toBe(wrapped(a * b));
        expect(negate(x)).toBe(wrapped(-a));
        expect(compareIntegers(x, y)).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });

  it('divides towards zero and leaves a rest that is never negative', () => {
    fc.assert(
      fc.property(
        long,
        long.filter((value) => value !== 0n),
        (a, b) => {
          const size = b < 0n ? -b : b;
          expect(divide(canonical(a), canonical(b))).toBe(wrapped(a / b));
          expect(modulo(canonical(a), canonical(b))).toBe(canonical(((a % size) + size) % size));
        },
      ),
    );
  });

  it('gives null for a division by zero', () => {
    expect([divide(5, 0), modulo(5, 0), divide(LARGEST, 0)]).toEqual([null, null, null]);
  });

  it('has one form for each number', () => {
    expect(canonical(2n ** 53n - 1n)).toBe(9_007_199_254_740_991);
    expect(canonical(2n ** 53n)).toBe(9_007_199_254_740_992n);
    expect(add(9_007_199_254_740_991, 1)).toBe(9_007_199_254_740_992n);
    expect(subtract(9_007_199_254_740_992n, 1)).toBe(9_007_199_254_740_991);
    expect(Object.is(multiply(-1, 0), 0)).toBe(true);
  });

  it('wraps at both ends', () => {
    expect(add(LARGEST, 1)).toBe(SMALLEST);
    expect(absolute(SMALLEST)).toBe(SMALLEST);
    expect([wrap32(2_147_483_648), wrap32(-9_999_999_999), wrap32(2n ** 62n + 7n)]).toEqual([
      -2_147_483_648, -1_410_065_407, 7,
    ]);
  });
});

describe('integerOfReal', () => {
  it.each([
    [5.9, 5],
    [-5.9, -5],
    [1e300, LARGEST],
    [-1e300, SMALLEST],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, LARGEST],
    [2 ** 60, 2n ** 60n],
  ])('of %p is %p', (real, expected) => {
    expect(integerOfReal(real)).toBe(expected);
  });
});

describe('parseInteger', () => {
  it.each([
    ['42', 42],
    ['  -7 ', -7],
    ['+3', 3],
    ['0x1F', 31],
    ['0xFFFFFFFFFFFFFFFF', -1],
    ['9223372036854775807', LARGEST],
    ['9223372036854775808', null],
    ['-9223372036854775808', SMALLEST],
    ['5.7', null],
    ['', null],
    ['1e3', null],
    ['12abc', null],
  ])('of %p is %p', (text, expected) => {
    expect(parseInteger(text)).toBe(expected);
  });
});
