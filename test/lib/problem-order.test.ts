import { describe, expect, it } from '@jest/globals';
import { inFileOrder } from '../../src/lib/problem-order.ts';

const at = (line: number | null, column: number | null) => ({ file: 'x', line, column, code: 'USAGE', message: '' });

describe('inFileOrder', () => {
  it('goes by line and column, problems without a place first, and leaves its input alone', () => {
    const problems = [at(10, 1), at(2, 9), at(null, null), at(2, 3)];
    expect(inFileOrder(problems).map((one) => [one.line, one.column])).toEqual([
      [null, null],
      [2, 3],
      [2, 9],
      [10, 1],
    ]);
    expect(problems[0]?.line).toBe(10);
  });
});
