import { describe, expect, it } from '@jest/globals';
import { converter } from '../../../src/engine/values/convert.ts';
import { parseDatetime } from '../../../src/engine/values/datetime.ts';
import { SCALAR_TYPES } from '../../../src/kql/types.ts';

const DATE = parseDatetime('2020-01-01');
const GUID = '01234567-89ab-cdef-0123-456789abcdef';

describe('converter', () => {
  it.each([
    ['string', 'long', '42', 42],
    ['string', 'long', '5.7', null],
    ['string', 'int', '2147483648', null],
    ['string', 'real', '5.7', 5.7],
    ['string', 'bool', 'TRUE', true],
    ['string', 'bool', '0', false],
    ['string', 'bool', 'yes', null],
    ['string', 'datetime', '2020-01-01', DATE],
    ['string', 'timespan', '00:00:01', 10_000_000],
    ['string', 'guid', '{01234567-89AB-CDEF-0123-456789ABCDEF}', GUID],
    ['string', 'guid', 'x', null],
    ['long', 'int', 4_294_967_296, 0],
    ['real', 'int', 1e10, 2_147_483_647],
    ['real', 'int', -1e10, -2_147_483_648],
    ['real', 'int', Number.NaN, null],
    ['real', 'long', -5.7, -5],
    ['long', 'bool', 7, true],
    ['bool', 'long', true, 1],
    ['datetime', 'long', DATE, 637_134_336_000_000_000n],
    ['long', 'datetime', 637_134_336_000_000_000n, DATE],
    ['long', 'datetime', -1, null],
    ['timespan', 'real', 10, 10],
    ['decimal', 'int', { unscaled: 99n, scale: 1 }, 9],
    ['dynamic', 'long', { real: 5 }, 5],
    ['dynamic', 'long', 5.9, 5],
    ['dynamic', 'long', '12', 12],
    ['dynamic', 'long', [1], null],
    ['dynamic', 'string', [1, 'x'], '[1,"x"]'],
    ['dynamic', 'datetime', '2020-01-01', DATE],
    ['dynamic', 'bool', 'true', true],
    ['bool', 'string', true, 'True'],
    ['dynamic', 'string', true, 'true'],
    ['real', 'string', 5, '5.0'],
    ['guid', 'string', null, ''],
    ['real', 'dynamic', 5, { real: 5 }],
  ] as const)('%s to %s: %p is %p', (from, to, value, expected) => {
    expect(converter(from, to)?.(value)).toEqual(expected);
  });

  it('has no conversion between types that have nothing in common', () => {
    expect([converter('guid', 'long'), converter('datetime', 'bool'), converter('bool', 'timespan')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('never makes something of a null, and never a null string', () => {
    for (const from of SCALAR_TYPES) {
      for (const to of SCALAR_TYPES) {
        const convert = converter(from, to);
        if (!convert || from === 'string') continue;
        expect(convert(null) ?? '').toBe('');
        expect(convert(null) === null).toBe(to !== 'string');
      }
    }
  });
});
