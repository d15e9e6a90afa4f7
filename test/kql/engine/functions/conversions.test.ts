/** @jest-environment-options {"kql": true} */
import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('conversions', () => {
  it.each([
    ['tostring(1.0)', '1.0'],
    ['tostring(true)', 'True'],
    ['tostring(dynamic({"a": true}).a)', 'true'],
    ['tostring(datetime(2020-01-02 03:04:05.6))', '2020-01-02T03:04:05.6000000Z'],
    ['tostring(1d)', '1.00:00:00'],
    ['tostring(dynamic({"a": [1, 2.0, "x"]}))', '{"a":[1,2.0,"x"]}'],
    ['tostring(bool(null))', ''],
    ['toint("12")', 12],
    ['toint("x")', null],
    ['tolong("")', null],
    ['tolong(1.9)', 1],
    ['todouble("1e3")', 1000],
    ['toreal(dynamic("2.5"))', 2.5],
    ['todecimal("1.10")', '1.10'],
    ['todecimal(2)', '2'],
    ['tobool("true")', true],
    ['tobool(0)', false],
    ['tobool("maybe")', null],
    ['toboolean(dynamic(true))', true],
    ['todatetime("2020-01-01")', '2020-01-01T00:00:00Z'],
    ['todatetime("")', null],
    ['todatetime(dynamic("2020-01-01T10:00:00Z"))', '2020-01-01T10:00:00Z'],
    ['totimespan("00:10:00")', '00:10:00'],
    ['totimespan("x")', null],
    ['toguid("{01234567-89ab-CDEF-0123-456789abcdef}")', '01234567-89ab-cdef-0123-456789abcdef'],
    ['toguid("")', null],
    ['tohex(255)', 'ff'],
    ['tohex(255, 4)', '00ff'],
    ['tohex(-1)', 'ffffffffffffffff'],
    ['tohex(toint(-1))', 'ffffffff'],
    ['tohex(255, 99)', '00000000000000ff'],
    ['parse_json("[1, 2]")', [1, 2]],
    ['parse_json("not json")', 'not json'],
    ['parse_json("")', null],
    ['todynamic("{\\"a\\": 9007199254740993}").a', '9007199254740993'],
    ['parse_json(dynamic({"a": 1})).a', 1],
    ['todynamic(5)', 5],
    ['gettype(1)', 'long'],
    ['gettype(dynamic([1]))', 'array'],
    ['gettype(dynamic({}))', 'dictionary'],
    ['gettype(dynamic({"a": 1.5}).a)', 'real'],
    ['gettype(parse_json(""))', 'null'],
    ['gettype(1s)', 'timespan'],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
