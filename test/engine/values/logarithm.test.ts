import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binaryLogarithm, decimalLogarithm, naturalLogarithm } from '../../../src/engine/values/logarithm.ts';

const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });

describe('logarithms', () => {
  it('lie within a unit in the last place of the platform', () => {
    const near = (value: number, expected: number) =>
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.abs(expected) * 2 ** -51);
    fc.assert(
      fc.property(positive, (x) => {
        near(naturalLogarithm(x), Math.log(x));
        near(decimalLogarithm(x), Math.log10(x));
        near(binaryLogarithm(x), Math.log2(x));
      }),
    );
  });

  it('are exact for powers', () => {
    for (let power = -300; power <= 300; power += 1) {
      expect(decimalLogarithm(Number(`1e${power}`))).toBe(power);
      expect(binaryLogarithm(2 ** power)).toBe(power);
    }
  });

  it.each([
    [3, 1.0986122886681098],
    [1, 0],
    [1 + Number.EPSILON, 2.2204460492503128e-16],
    [0, Number.NEGATIVE_INFINITY],
    [-1, Number.NaN],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
    [Number.MIN_VALUE, -744.4400719213812],
  ])('ln %p is %p', (x, expected) => {
    expect(naturalLogarithm(x)).toBe(expected);
  });
});
