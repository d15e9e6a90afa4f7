import { describe, expect, it } from '@jest/globals';
import { ask } from '../ask.ts';
import { evaluate, rowsOf } from '../evaluate.ts';

const T =
  'let T = datatable(Name: string, Age: long, City: string, Country: string)["Ann", 39, "Oslo", "NO", "Bob", 4, "Oslo", "NO"];';

describe('project-by-names and column_names_of', () => {
  it.each([
    ['project-by-names "City", "Name" | take 1', [['Oslo', 'Ann']]],
    ['project-by-names dynamic(["Name", "Nothing", "Age"]) | take 1', [['Ann', 39]]],
    ['project-by-names "C*", "Name", "*" | take 1', [['Oslo', 'NO', 'Ann', 39]]],
    ['project-by-names column_names_of(T) | take 1', [['Ann', 39, 'Oslo', 'NO']]],
    ['where Age > 99 | project-by-names "Age"', []],
  ])('%s', async (query, expected) => {
    expect(await rowsOf(`${T} T | ${query}`)).toEqual(expected);
  });

  it('tells names of functions, too, and refuses a name that differs from row to row', async () => {
    expect(await rowsOf('let F = () { print a = 1, b = 2 }; print column_names_of(F())')).toEqual([[['a', 'b']]]);
    await expect(rowsOf(`${T} T | project-by-names Name`)).rejects.toThrow();
  });
});

describe('facet', () => {
  it('gives its first result, and says so', async () => {
    const counts = await ask(`${T} T | facet by City, Name`);
    expect([...counts.rows()]).toEqual([{ City: 'Oslo', count_City: 2 }]);
    expect(counts.warnings.join()).toContain('2 results');
    expect(await rowsOf(`${T} T | facet by City with (where Age > 9 | project Name)`)).toEqual([['Ann']]);
    expect(await rowsOf(`${T} T | where Age > 99 | facet by City`)).toEqual([]);
  });
});

describe('punycode_domain_from_string', () => {
  it.each([
    ['punycode_domain_from_string("xn--Lin-8na.Celtchair.org")', 'Lúin.Celtchair.org'],
    ['punycode_domain_from_string("xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com")', 'Rúyì.Jīngū.Bàng.com'],
    ['punycode_domain_from_string("plain.org")', 'plain.org'],
    ['punycode_domain_from_string("xn--ü.org")', ''],
    ['punycode_domain_from_string("")', ''],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toBe(expected);
  });
});
