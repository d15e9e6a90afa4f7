import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Value } from '../../../src/engine/value.ts';
import { groupKey } from '../../../src/engine/values/group-key.ts';
import { canonical } from '../../../src/engine/values/integer.ts';
import { comparer } from '../../../src/engine/values/order.ts';

function sorted(type: string, values: readonly Value[]): Value[] {
  return [...values].sort(comparer(type));
}

describe('comparer', () => {
  it('puts null first, then NaN', () => {
    const mixed = [1, Number.NaN, null, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(sorted('real', mixed)).toEqual([null, Number.NaN, Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY]);
  });

  it('orders longs of both forms like big integers', () => {
    const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(long, long, (a, b) => {
        expect(Math.sign(comparer('long')(canonical(a), canonical(b)))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });

  it('orders texts by code units, booleans with false first, decimals by size', () => {
    expect(sorted('string', ['b', 'B', 'a', ''])).toEqual(['', 'B', 'a', 'b']);
    expect(sorted('bool', [true, false, null])).toEqual([null, false, true]);
    const [half, more] = [
      { unscaled: 5n, scale: 1 },
      { unscaled: 51n, scale: 2 },
    ];
    expect(sorted('decimal', [more, half])).toEqual([half, more]);
  });

  it('orders dynamics by kind: bool, number, text, array, bag', () => {
    const bag = new Map([['a', 1]]);
    expect(sorted('dynamic', [bag, ['x'], 'x', 2, { real: 1 }, true, null, 1.5])).toEqual([
      null,
      true,
      { real: 1 },
      1.5,
      2,
      'x',
      ['x'],
      bag,
    ]);
  });
});

describe('groupKey', () => {
  it('is equal for equal values only', () => {
    expect(groupKey({ unscaled: 150n, scale: 2 }, 'decimal')).toBe(groupKey({ unscaled: 15n, scale: 1 }, 'decimal'));
    expect(groupKey(['a', 1], 'dynamic')).toBe(groupKey(['a', 1], 'dynamic'));
    expect(groupKey('1', 'dynamic')).not.toBe(groupKey(1, 'dynamic'));
    expect(groupKey('null', 'dynamic')).not.toBe(groupKey(null, 'dynamic'));
    expect(groupKey(null, 'string')).toBeNull();
    expect(groupKey(2n ** 60n, 'long')).toBe(2n ** 60n);
  });
});
