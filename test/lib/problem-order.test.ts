import { describe, expect, it } from '@jest/globals';
import { firstInFile, inFileOrder } from '../../src/lib/problem-order.ts';

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

describe('firstInFile', () => {
  const problems = (count: number) => Array.from({ length: count }, (_, index) => at(count - index, 1));

  it('tells a hundred problems and how many more there are', () => {
    expect(firstInFile(problems(100)).map(({ line }) => line)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    const many = firstInFile(problems(102));
    expect(many).toHaveLength(101);
    expect(many.at(-1)).toMatchObject({ line: 101, message: 'The file has 2 more problems from here on.' });
  });
});
