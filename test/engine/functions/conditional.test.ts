import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('choices', () => {
  it.each([
    ['iff(1 > 0, "yes", "no")', 'yes'],
    ['iff(bool(null), "yes", "no")', 'no'],
    ['iif(false, 1, 2.5)', 2.5],
    ['iff(true, 1, 2.5)', 1],
    ['case(false, "a", true, "b", "c")', 'b'],
    ['case(bool(null), "a", "z")', 'z'],
    ['case(false, 1, 2)', 2],
    ['coalesce(long(null), 3, 4)', 3],
    ['coalesce("", "b")', 'b'],
    ['coalesce("", "")', ''],
    ['coalesce(datetime(null), datetime(null))', null],
    ['max_of(1, long(null), 3)', 3],
    ['min_of(2, long(null), 3)', 2],
    ['max_of(long(null), long(null))', null],
    ['max_of("a", "b")', 'b'],
    ['min_of(datetime(2020-01-01), datetime(2019-01-01))', '2019-01-01T00:00:00Z'],
    ['max_of(1, 2.5)', 2.5],
    ['not(false)', true],
    ['not(bool(null))', null],
    ['isnull(long(null))', true],
    ['isnull("")', false],
    ['isnull(dynamic(null))', true],
    ['isnotnull(0)', true],
    ['isempty("")', true],
    ['isempty(" ")', false],
    ['isempty(long(null))', true],
    ['isempty(0)', false],
    ['isempty(dynamic(""))', true],
    ['isempty(dynamic({}))', false],
    ['isnotempty("x")', true],
    ['isnotempty(dynamic(null))', false],
    ['isnan(real(nan))', true],
    ['isnan(1.0)', false],
    ['isnan(real(null))', null],
    ['isinf(1.0 / 0.0)', true],
    ['isfinite(1.0 / 0.0)', false],
    ['isfinite(0.0)', true],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
