import { describe, expect, it } from '@jest/globals';
import { regexCost } from '../../../src/engine/regex/cost.ts';
import { parseRegex } from '../../../src/engine/regex/parse-regex.ts';

function degree(pattern: string): number {
  return regexCost(parseRegex(pattern)).degree;
}

describe('regexCost', () => {
  it.each([
    ['abc', 1],
    ['a?b', 1],
    ['[a-z]+', 2],
    ['\\d+\\.\\d+\\.\\d+', 2],
    ['(?:ab|cd)*', 2],
    ['.*foo', 3],
    ['a*a*b', 3],
  ])('of %s is n to the power of %d', (pattern, expected) => {
    expect(degree(pattern)).toBe(expected);
  });

  it.each([
    '(a+)+',
    '(a|a)*',
    '(a*)*',
    '(a|ab)*c',
    '(\\w+\\s?)*',
    '(a?b?)*',
    '(?i)(k|\u212a)*',
    '([^x]|é)*',
    '(ab?b)*',
  ])('of %s has no bound', (pattern) => {
    expect(degree(pattern)).toBe(Number.POSITIVE_INFINITY);
  });
});
