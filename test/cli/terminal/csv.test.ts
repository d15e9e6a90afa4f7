import { describe, expect, it } from '@jest/globals';
import { csvOf } from '../../../src/cli/terminal/csv.ts';

describe('CSV', () => {
  it('quotes what would end a cell, and keeps numbers, lists and nulls', () => {
    const rows = [
      { a: 'x,"y"\r\nz', b: -1.5 },
      { a: null, b: [1, 'c'] },
    ];
    expect(csvOf(['a', 'b'], rows)).toBe('a,b\r\n"x,""y""\r\nz",-1.5\r\n,"[1,""c""]"\r\n');
  });

  it.each(['=1+1', '+1+1', '@SUM(A1)', '-1+1', '\t=1', '\r=1'])('makes no formula of %j', (cell) => {
    expect(csvOf(['a'], [{ a: cell }])).toMatch(/^a\r\n"?'/);
  });

  it.each(['-1', '-1.5', 'a=1', ''])('leaves %j as it is', (cell) => {
    expect(csvOf(['a'], [{ a: cell }])).toBe(`a\r\n${cell}\r\n`);
  });
});
