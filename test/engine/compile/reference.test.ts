import { describe, expect, it } from '@jest/globals';
import { rowsOf, tableOf } from '../ask.ts';

const T = tableOf('s: string', [['urgent: pay'], ['hello'], ['']]);

describe('a function without parameters', () => {
  it.each([
    ['let words = () { pack_array("urgent", "verify"); }; T | where s has_any (words)', [['urgent: pay']]],
    ['let word = () { "hello" }; T | where s == word', [['hello']]],
    ['let word = () { let w = "hello"; w }; print word, word()', [['hello', 'hello']]],
  ])('may be named without parentheses: %s', async (query, expected) => {
    expect(await rowsOf(query, { T })).toEqual(expected);
  });
});

describe('names of another place', () => {
  it.each([
    'alias database far = cluster("x").database("Samples"); database("far").Here | summarize m = max(n)',
    'cluster("x").database("Samples").Here | summarize m = max(n)',
  ])('stand for the one local database: %s', async (query) => {
    expect(await rowsOf(query, { Here: tableOf('n: long', [[1], [2]]) })).toEqual([[2]]);
  });
});
