import { describe, expect, it } from '@jest/globals';
import type { Value } from '../../../src/engine/value.ts';
import { outputOf } from '../../../src/engine/values/output.ts';

describe('outputOf', () => {
  it.each<[string, Value, unknown]>([
    ['datetime', 5_000_000, '2014-01-01T00:00:00.5Z'],
    ['timespan', -600_000_000, '-00:01:00'],
    ['long', 2n ** 60n, '1152921504606846976'],
    ['real', Number.NaN, 'NaN'],
    ['real', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['decimal', { unscaled: 15n, scale: 1 }, '1.5'],
    ['bool', false, false],
    ['string', null, ''],
    ['guid', null, null],
    ['dynamic', [1, { real: 2 }, new Map([['a', null]])], [1, 2, { a: null }]],
  ])('%s %p', (type, value, expected) => {
    expect(outputOf(value, type)).toEqual(expected);
  });
});
