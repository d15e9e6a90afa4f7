import { describe, expect, it } from '@jest/globals';
import { columnsOf } from '../../../src/cli/terminal/columns.ts';

describe('columns', () => {
  it('are as wide as their widest cell, two places apart, with nothing at the end of a line', () => {
    expect(
      columnsOf([
        ['a', 'long', 'x'],
        ['longer', '', ''],
        ['b', 'c'],
      ]),
    ).toEqual(['a       long  x', 'longer', 'b       c']);
    expect(columnsOf([])).toEqual([]);
  });

  it('stay aligned where characters are wide, combined, or coloured', () => {
    const lines = columnsOf([
      ['日本', '|'],
      ['e\u0301', '|'],
      ['\u001b[31mred\u001b[39m', '|'],
      ['🔥', '|'],
    ]);
    expect(lines).toEqual(['日本  |', 'e\u0301     |', '\u001b[31mred\u001b[39m   |', '🔥    |']);
  });

  it('take time in proportion to their cells: a wide result of many rows is no matter', () => {
    const row = Array.from({ length: 70 }, (_, index) => `cell ${index}`);
    expect(columnsOf(Array.from({ length: 5000 }, () => row))).toHaveLength(5000);
  });
});
