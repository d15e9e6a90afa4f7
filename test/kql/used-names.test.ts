import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kqlTokens } from '../../src/kql/tokens.ts';
import { usedNames } from '../../src/kql/used-names.ts';

const LIBRARY = ['Foo', 'Bar', '_Im_Dns'];
const used = (query: string): readonly string[] => [...usedNames(query, (name) => LIBRARY.includes(name))].sort();

describe('usedNames', () => {
  it.each([
    ['a call', 'Foo(1) | take 1', ['Foo']],
    ['a call with white space and a comment between', 'Foo // x\n (1)', ['Foo']],
    ['a call in a condition', 'T | where Foo(a) == 1', ['Foo']],
    ['a bare name at the start', 'Foo | where x == 1', ['Foo']],
    ['a bare name and nothing else', 'Foo', ['Foo']],
    ['a bare name behind a let', 'let x = 1; Foo', ['Foo']],
    ['the value of a let', 'let x = Foo | where a == 1; x', ['Foo']],
    ['a body', 'let f = (a:string) { Foo | where b == a }; f("x")', ['Foo']],
    ['a body behind a let of its own', 'let f = () { let y = 1; Foo }; f()', ['Foo']],
    ['a union in front', 'union Foo, Bar', ['Bar', 'Foo']],
    ['a union in the pipe, with options', 'T | union isfuzzy=true withsource=S Foo, (Bar | take 1)', ['Bar', 'Foo']],
    ['a union in brackets', 'toscalar(union T, Foo | count)', ['Foo']],
    ['a join', 'T | join kind=inner Foo on X', ['Foo']],
    ['a join with a strategy', 'T | join kind = leftanti hint.strategy=shuffle Foo on X', ['Foo']],
    ['a join in brackets', 'T | join (Foo | project X) on X', ['Foo']],
    ['a join in brackets behind parameters', 'T | join kind=inner hint.strategy=shuffle (Foo) on X', ['Foo']],
    ['a union in brackets behind parameters', 'union kind=outer (Foo), (Bar)', ['Bar', 'Foo']],
    ['a condition of a join', 'T | join kind=inner (Foo) on $left.X == tolower(Bar)', ['Foo']],
    ['a lookup', 'T | lookup Foo on X', ['Foo']],
    ['a list', 'T | where a in (Foo)', ['Foo']],
    ['a list of any case', 'T | where a !in~ (Foo)', ['Foo']],
    ['a scalar of a table', 'let x = toscalar(Foo); T', ['Foo']],
    ['an argument of another', 'Bar(Foo, 1)', ['Bar', 'Foo']],
    ['an argument of a let', 'let f = (T:(*)) { T }; f(Foo)', ['Foo']],
    ['an invoked one', 'T | invoke Foo()', ['Foo']],
    ['a name with underscores', '_Im_Dns(starttime=ago(1d))', ['_Im_Dns']],
  ])('%s is a use', (_, query, expected) => {
    expect(used(query)).toEqual(expected);
  });

  it.each([
    ['a column in a condition', 'T | where Foo == 1 and x in (Foo, 2)'],
    ['a projected column', 'T | project Foo, Bar'],
    ['a new column', 'T | extend Foo = 1 | where Foo > 0'],
    [
      'an argument of a built-in function',
      'T | where isempty(Foo) and tostring(Foo) == "" | summarize max(Foo) by Bar',
    ],
    ['a key of a join', 'T | join U on Foo, $left.Bar == $right.Foo'],
    ['an option of a join', 'T | union withsource=Foo U'],
    ['a let of the query', 'let Foo = (x:long) { T }; Foo(1)'],
    ['a parameter', 'let f = (Foo:(*), Bar:string) { Foo | where a == Bar }; f(T, "")'],
    ['a text', 'T | where a == "Foo(1)" or b == @\'Foo(\' or c == h"Foo()"'],
    ['a text of several lines', 'T | where a == ```\nFoo(1)\n```'],
    ['a comment', '// Foo(1)\nT // Bar'],
    ['a member', 'T | where a.Foo(1) == 2 | extend x = d.Bar'],
    ['a part of a name', 'FooBar(1) | where xFoo == 1'],
    ['another letter case', 'foo(1)'],
    ['a duration', 'T | where t > ago(1d)'],
  ])('%s is none', (_, query) => {
    expect(used(query)).toEqual([]);
  });

  it('finds the operands of both sides, whatever stands between', () => {
    const name = fc.constantFrom('Foo', 'Bar', 'T', 'U');
    const noise = fc.constantFrom(' ', '\n', ' // Foo\n', '\t');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, noise), { minLength: 1, maxLength: 6 }), (legs) => {
        const query = `union ${legs.map(([leg, space]) => `${leg}${space}`).join(', ')} | take 1`;
        const expected = [...new Set(legs.map(([leg]) => leg).filter((leg) => LIBRARY.includes(leg)))].sort();
        expect(used(query)).toEqual(expected);
      }),
    );
  });
});

describe('kqlTokens', () => {
  it('gives each character to one token, a space or a comment, whatever the text', () => {
    const part = fc.constantFrom('"', "'", '`', '~', '```', '//', '\n', '\\', '@', 'h', 'a', '1', '(', '}', ' ', ';');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const query = parts.join('');
        let at = 0;
        for (const { text, start, end } of kqlTokens(query)) {
          expect(query.slice(start, end)).toBe(text);
          expect(query.slice(at, start)).toMatch(/^(?:\s|\/\/[^\r\n]*)*$/);
          at = end;
        }
        expect(query.slice(at)).toMatch(/^(?:\s|\/\/[^\r\n]*)*$/);
      }),
    );
  });
});
