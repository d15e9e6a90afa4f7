import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('sets', () => {
  it.each([
    ['set_union(dynamic([1, 2]), dynamic([2, 3]), dynamic(["2"]))', [1, 2, 3, '2']],
    ['set_union(dynamic([1]), dynamic(null))', null],
    ['set_intersect(dynamic([1, 2, 2, 3]), dynamic([2, 3]))', [2, 3]],
    ['set_intersect(dynamic([1]), dynamic([]))', []],
    ['set_difference(dynamic([1, 1, 2]), dynamic([2]))', [1]],
    ['set_difference(dynamic(null), dynamic([2]))', null],
    ['set_equals(dynamic([1, 2, 1]), dynamic([2, 1]))', true],
    ['set_equals(dynamic([1]), dynamic([1, 2]))', false],
    ['set_has_element(dynamic(["a", 1]), "a")', true],
    ['set_has_element(dynamic(["a", 1]), 1)', true],
    ['set_has_element(dynamic(["a"]), "A")', false],
    ['set_has_element(dynamic([]), 1)', false],
    ['set_has_element(dynamic(null), 1)', null],
    ['jaccard_index(dynamic([1, 2, 3]), dynamic([1, 2, 3, 4, 4]))', 0.75],
    ['jaccard_index(dynamic([]), dynamic([]))', 'NaN'],
    ['jaccard_index(dynamic(null), dynamic([1]))', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
