import { describe, expect, it } from '@jest/globals';
import { coercionOf } from '../../../src/engine/data/coerce.ts';
import type { ScalarType } from '../../../src/kql/types.ts';

const CASES: readonly [ScalarType, unknown, unknown][] = [
  ['string', null, ''],
  ['string', 5, '5'],
  ['string', { a: 1n }, '{"a":"1"}'],
  ['bool', 'True', true],
  ['bool', 0, false],
  ['bool', '', null],
  ['bool', 2, null],
  ['int', 2147483647, 2147483647],
  ['int', 4294967297, null],
  ['int', 'x', null],
  ['long', '639199803770463703', 639199803770463703n],
  ['long', 639199803770463703n, 639199803770463703n],
  ['long', 1.5, null],
  ['long', '', null],
  ['real', '1.5', 1.5],
  ['real', 2n, 2],
  ['datetime', '2014-01-01T00:00:00.0000001Z', 1],
  ['datetime', new Date('2014-01-01T00:00:01Z'), 10_000_000],
  ['datetime', 'yesterday', null],
  ['timespan', '1.00:00:00', 864_000_000_000],
  ['guid', 'AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee', 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'],
  ['guid', 'no', null],
  ['dynamic', '', null],
  ['dynamic', '{"a":[1]}', new Map([['a', [1]]])],
  ['dynamic', '{broken', '{broken'],
  ['dynamic', 'plain text', 'plain text'],
  ['dynamic', { a: null }, new Map([['a', null]])],
];

describe('coercionOf', () => {
  it.each(CASES)('%s of %p is %p', (type, raw, expected) => {
    expect(coercionOf(type)(raw)).toEqual(expected);
  });
});
