import { describe, expect, it } from '@jest/globals';
import { equality, ordering } from '../../../src/engine/scalar-operators/comparison.ts';
import type { Value } from '../../../src/engine/value.ts';
import { parseDatetime } from '../../../src/engine/values/datetime.ts';
import { SCALAR_TYPES } from '../../../src/kql/types.ts';

const DATE = parseDatetime('2020-01-01');

describe('equality', () => {
  it.each<readonly [string, Value, string, Value, boolean | null]>([
    ['string', 'a', 'string', 'a', true],
    ['string', 'a', 'string', 'A', false],
    ['long', 2n ** 60n, 'long', 2n ** 60n, true],
    ['long', 5, 'real', 5, true],
    ['long', 5, 'real', 5.5, false],
    ['long', 2n ** 60n + 1n, 'real', 2 ** 60, false],
    ['real', Number.NaN, 'real', Number.NaN, false],
    ['bool', true, 'long', 1, true],
    ['decimal', { unscaled: 50n, scale: 1 }, 'long', 5, true],
    ['decimal', { unscaled: 1n, scale: 1 }, 'real', 0.1, true],
    ['string', '2020-01-01', 'datetime', DATE, true],
    ['datetime', DATE, 'string', 'soon', false],
    ['long', 1, 'string', '1', true],
    ['bool', true, 'string', 'true', true],
    ['dynamic', 'x', 'string', 'x', true],
    ['dynamic', 5, 'long', 5, true],
    ['dynamic', 5.5, 'long', 5, false],
    ['dynamic', { real: 5 }, 'long', 5, true],
    ['dynamic', '5', 'long', 5, true],
    ['dynamic', 'x', 'long', 5, false],
    ['dynamic', true, 'bool', true, true],
    ['dynamic', '2020-01-01', 'datetime', DATE, true],
    ['dynamic', [1, 2], 'dynamic', [1, 2], true],
    ['string', 'x', 'dynamic', 'x', true],
    ['dynamic', null, 'string', 'x', false],
    ['dynamic', null, 'string', '', true],
    ['long', null, 'long', 5, false],
    ['long', null, 'long', null, null],
    ['long', null, 'real', null, null],
  ])('%s %p == %s %p is %p', (left, a, right, b, expected) => {
    expect(equality('==', left, right)?.(a, b)).toBe(expected);
    expect(equality('!=', left, right)?.(a, b)).toBe(expected === null ? null : !expected);
  });

  it('does not exist between types that have nothing in common', () => {
    expect([equality('==', 'guid', 'long'), equality('==', 'datetime', 'bool')]).toEqual([null, null]);
  });
});

describe('ordering', () => {
  it.each<readonly [string, Value, string, string, Value, boolean | null]>([
    ['long', 2n ** 60n, '>', 'long', 5, true],
    ['long', 5, '<=', 'real', 5, true],
    ['string', 'a', '<', 'string', 'b', true],
    ['datetime', DATE, '>=', 'datetime', DATE, true],
    ['string', '2021-01-01', '>', 'datetime', DATE, true],
    ['dynamic', 7, '>', 'long', 5, true],
    ['long', 5, '<', 'dynamic', 7, true],
    ['dynamic', 'x', '>', 'long', 5, false],
    ['dynamic', '7', '>', 'long', 5, true],
    ['real', Number.NaN, '<', 'real', 1, false],
    ['decimal', { unscaled: 11n, scale: 1 }, '>', 'decimal', { unscaled: 1n, scale: 0 }, true],
    ['bool', false, '<', 'bool', true, true],
  ])('%s %p %s %s %p is %p', (left, a, operator, right, b, expected) => {
    expect(ordering(operator, left, right)?.(a, b)).toBe(expected);
  });

  it('is null where an operand is, whatever the types', () => {
    for (const type of SCALAR_TYPES.filter((one) => one !== 'string')) {
      const call = ordering('<', type, type);
      expect([call?.(null, null), call?.(null, 1)]).toEqual([null, null]);
    }
  });
});
