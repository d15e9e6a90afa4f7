import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boxReal, parseReal, realOfDynamic, textOfInnerReal, textOfReal } from '../../../src/engine/values/real.ts';

describe('reals', () => {
  it.each([
    [1, '1.0'],
    [-0, '0.0'],
    [1.5, '1.5'],
    [0.1, '0.1'],
    [0.0001, '0.0001'],
    [0.00001, '1E-05'],
    [123_456_789_012_345, '123456789012345.0'],
    [1e15, '1E+15'],
    [1.25e300, '1.25E+300'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ])('%p is written %p', (value, expected) => {
    expect(textOfReal(value)).toBe(expected);
  });

  it('read back from their text', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        expect(parseReal(textOfReal(value))).toBe(value + 0);
      }),
    );
  });

  it.each([
    [' 1.5e3 ', 1500],
    ['.5', 0.5],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['', null],
    ['0x10', null],
    ['1,5', null],
    ['toString', null],
  ])('%p reads as %p', (text, expected) => {
    expect(parseReal(text)).toBe(expected);
  });

  it('stay apart from longs inside dynamics', () => {
    expect(boxReal(50)).toEqual({ real: 50 });
    expect(boxReal(0.5)).toBe(0.5);
    expect([
      realOfDynamic(boxReal(50)),
      realOfDynamic(50),
      realOfDynamic(2n ** 60n),
      realOfDynamic('50'),
      realOfDynamic(null),
    ]).toEqual([50, 50, 2 ** 60, null, null]);
  });
});

describe('textOfInnerReal', () => {
  it.each([
    [40.764323000000005, '40.764323000000008'],
    [9.999999999999998, '9.999999999999999'],
    [-9.999999999999998, '-9.999999999999999'],
    [0.1, '0.1'],
    [2.5, '2.5'],
    [-7, '-7.0'],
    [1e300, '1E+300'],
    [Number.NaN, 'NaN'],
  ])('%d', (value, expected) => {
    expect(textOfInnerReal(value)).toBe(expected);
  });

  it('reads back as the same real', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseReal(textOfInnerReal(value))).toBe(value + 0);
        expect(textOfInnerReal(value).length).toBe(textOfReal(value).length);
      }),
    );
  });
});
