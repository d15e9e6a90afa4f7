import { describe, expect, it } from '@jest/globals';
import { evaluate, rowsOf } from '../evaluate.ts';

describe('series', () => {
  it.each([
    ['series_abs(dynamic([-6.5, 0, -8]))', [6.5, 0, 8]],
    ['tostring(series_abs(dynamic([-6, -2.0])))', '[6,2.0]'],
    ['series_abs(dynamic(null))', null],
    ['series_abs(dynamic([1, "x", null]))', [1, null, null]],
    ['series_ceiling(dynamic([-1.5, 1, 2.5]))', [-1, 1, 3]],
    ['series_floor(dynamic([-1.5, 2.5]))', [-2, 2]],
    ['series_sign(dynamic([-6, 0, 8]))', [-1, 0, 1]],
    ['series_exp(dynamic([0]))', [1]],
    ['series_log(dynamic([1]))', [0]],
    ['series_cos(dynamic([0]))', [1]],
    ['series_sin(dynamic([0]))', [0]],
    ['series_tan(dynamic([0]))', [0]],
    ['series_acos(dynamic([1]))', [0]],
    ['series_asin(dynamic([0]))', [0]],
    ['series_atan(dynamic([0]))', [0]],
    ['series_add(dynamic([1, 2]), dynamic([3, 4]))', [4, 6]],
    ['series_add(dynamic([1, 2]), 10)', [11, 12]],
    ['series_add(dynamic([1, 2, 3]), dynamic([1]))', [2, null, null]],
    ['series_subtract(dynamic([1]), dynamic([0.5]))', [0.5]],
    ['series_multiply(dynamic([2, 3]), dynamic([4, null]))', [8, null]],
    ['series_divide(dynamic([1, 1]), dynamic([2, 0]))', [0.5, 'Infinity']],
    ['series_pow(dynamic([2, 4]), dynamic([3, 0.5]))', [8, 2]],
    ['series_equals(dynamic([1, 2]), dynamic([1, 3]))', [true, false]],
    ['series_not_equals(dynamic([1, 2]), dynamic([1, 3]))', [false, true]],
    ['series_greater(dynamic([1, 3]), dynamic([1, 2]))', [false, true]],
    ['series_greater_equals(dynamic([1, 3]), dynamic([1, 4]))', [true, false]],
    ['series_less(dynamic([1]), dynamic([2]))', [true]],
    ['series_less_equals(dynamic([2, "x"]), dynamic([2, 1]))', [true, null]],
    ['series_dot_product(dynamic([1, 2, 4]), dynamic([4, 2, 1]))', 12],
    ['series_dot_product(dynamic([1, 2]), 3)', 9],
    ['series_dot_product(dynamic([1, 2]), dynamic([1]))', null],
    ['series_magnitude(dynamic([3, 4]))', 5],
    ['series_magnitude(dynamic([3, null]))', null],
    ['series_sum(dynamic([1, 2.5]))', 3.5],
    ['series_product(dynamic([2, 3, 4]))', 24],
    ['series_cosine_similarity(dynamic([1, 0]), dynamic([1, 0]))', 1],
    ['series_cosine_similarity(dynamic([1, 2]), dynamic([1, 2]), 2.0, 5.0)', 0.5],
    ['series_cosine_similarity(dynamic([3, 4]), dynamic([3, 4]), 5.0)', 1],
    ['series_stats_dynamic(dynamic([null, 4, "a", 2]), true).min_idx', 3],
    ['series_stats_dynamic(dynamic([null, 4, "a", 2]), true).avg', 3],
    ['series_stats_dynamic(dynamic([null, 4]), false)', null],
    ['series_stats_dynamic(dynamic([null]), true)', null],
    ['series_cosine_similarity(dynamic([1]), dynamic([1, 0]))', null],
    ['series_pearson_correlation(dynamic([1, 2, 3]), dynamic([2, 4, 6])) > 0.999', true],
    ['series_fill_const(dynamic([1, null, "x"]), 0)', [1, 0, 'x']],
    ['series_fill_const(dynamic([1, -1]), 0, -1)', [1, 0]],
    ['series_fill_forward(dynamic([null, 1, null]))', [null, 1, 1]],
    ['series_fill_backward(dynamic([null, 1, null]))', [1, 1, null]],
    ['series_fill_linear(dynamic([null, 1, null, 4, null]))', [1, 1, 2, 4, 4]],
    ['series_fill_linear(dynamic([null, 1.0, null, 4.0]), double(null), false)', [null, 1, 2.5, 4]],
    ['series_fill_linear(dynamic([null, null]), double(null), true, 7)', [7, 7]],
    ['series_fill_linear(dynamic(null))', null],
    ['series_fit_line_dynamic(dynamic([1, 3, 5])).slope', 2],
    ['series_fit_line_dynamic(dynamic([1, 3, 5])).line_fit', [1, 3, 5]],
    ['series_fit_line_dynamic(dynamic([1, 3, 5])).rsquare', 1],
    ['series_fit_line_dynamic(dynamic([1]))', null],
    ['series_fit_2lines_dynamic(dynamic([1, 2, 3, 9, 8, 7])).split_idx', 3],
    ['series_fit_2lines_dynamic(dynamic([1, 2, 3, 9, 8, 7])).right.slope', -1],
    ['series_fit_2lines_dynamic(dynamic([1]))', null],
    ['series_seasonal(dynamic([1, 3, 5, 1, 3, 5, 2, 4, 6]), 3)', [1, 3, 5, 1, 3, 5, 1, 3, 5]],
    ['series_seasonal(dynamic([1, 2]), 0)', null],
    ['series_iir(dynamic([1, 2, 3]), dynamic([1]), dynamic([1, -1]))', [1, 3, 6]],
    ['series_iir(dynamic([1]), dynamic([1]), dynamic([]))', null],
    [
      'series_stats_dynamic(dynamic([2, 4, 9]))',
      { min: 2, min_idx: 0, max: 9, max_idx: 2, avg: 5, stdev: 3.605551275463989, variance: 13, sum: 15, len: 3 },
    ],
    ['series_stats_dynamic(dynamic([]))', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it('give their statistics and lines as columns, too', async () => {
    expect(await rowsOf('print x = dynamic([2, 4, 9]) | project series_stats(x)')).toEqual([
      [2, 0, 9, 2, 5, expect.closeTo(Math.sqrt(13), 12), 13],
    ]);
    expect(await rowsOf('print x = dynamic([1, 3, 5]) | project series_fit_line(x)')).toEqual([
      [1, 2, 4, 0, 1, [1, 3, 5]],
    ]);
  });
});
