import { describe, expect, it } from '@jest/globals';
import { rowsOf } from '../ask.ts';

describe('older spellings of operators', () => {
  it.each([
    ['"Abc" notcontains "b"', false],
    ['"Abc" notcontains "x"', true],
    ['"Abc" notcontainscs "B"', true],
    ['"Abc" containscs "b"', true],
    ['"Abc" containscs "B"', false],
    ['1 <> 2', true],
  ])('%s', async (expression, expected) => {
    expect(await rowsOf(`print ${expression}`)).toEqual([[expected]]);
  });
});
