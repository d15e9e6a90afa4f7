import { expect, it } from '@jest/globals';
import { paysToCode } from '../../../src/engine/runtime/codes.ts';

const ROWS = 8192;
const listOf = (distinct: number) => Array.from({ length: ROWS }, (_, row) => `text ${(row * 7919) % distinct}`);

it('codes pay at once where few texts differ, else when a later run looks at them again', () => {
  const [first, second] = [{}, {}];
  expect(paysToCode(listOf(20), ROWS, first)).toBe(true);
  const many = listOf(3000);
  expect([first, first, second].map((rows) => paysToCode(many, ROWS, rows))).toEqual([false, false, true]);
  expect(paysToCode(listOf(3000), ROWS, second)).toBe(false);
  expect(paysToCode(['a', 'a'], 2, first)).toBe(false);
});
