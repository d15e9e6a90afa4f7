import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { allMatches, compileRegex } from '../../../src/engine/regex/compile-regex.ts';

describe('compileRegex', () => {
  it.each([
    ['abc', 'xabcx', true],
    ['^abc$', 'abc\n', false],
    ['(?i)PowerShell', 'powershell.exe', true],
    ['(?i:A)b', 'ab', true],
    ['(?i:A)b', 'aB', false],
    ['a(?i)b', 'aB', true],
    ['(?s)a.b', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['a.b', 'a\u2028b', true],
    ['(?m)^b$', 'a\nb\nc', true],
    ['(?m)^b$', 'a\rb\rc', false],
    ['\\Aab\\z', 'ab', true],
    ['\\x{1F600}', '😀', true],
    ['\\x41', 'A', true],
    ['^.$', '😀', true],
    ['\\pL', 'é', true],
    ['\\p{Greek}', 'α', true],
    ['\\P{Lu}', 'A', false],
    ['[[:alpha:]]', '1', false],
    ['[[:^alpha:]]', '1', true],
    ['[^]a]', ']', false],
    ['[a\\]]', ']', true],
    ['[\\d-]', '-', true],
    ['[\\W]', '!', true],
    ['\\d', '٣', true],
    ['\\D', '٣', false],
    ['\\s', '\u00a0', true],
    ['[^\\S]', '\u00a0', true],
    ['\\s', '\v', true],
    ['^\\w+$', 'müller', true],
    ['\\W', 'ü', false],
    ['^[\\W_]+$', '€_!', true],
    ['[\\W_]', 'ü', false],
    ['\\büb', 'x üb', true],
    ['\\büb', 'xüb', false],
    ['é\\B', 'éa', true],
    ['[[:alpha:]]', 'é', false],
    ['(?:a|a)*\\w$', 'aaé', true],
    ['x(?i:[\\d]\\w\\S)', 'x٣éÀ', true],
    ['x(?i:\\W)', 'xé', false],
    ['[a##b]', '#', true],
    ['[a##b&&]', '#', false],
    ['\\Qa.b\\E', 'a.b', true],
    ['\\Qa.b\\E', 'axb', false],
    ['a{,2}', 'a{,2}', true],
    ['a{2}', 'aa', true],
    ['{', '{', true],
    ['}', '}', true],
    [']', ']', true],
    ['\\"\\-\\_\\ ', '"-_ ', true],
    ['(?P<drive>[A-Z]):', 'C:', true],
    ['', '', true],
    ['|a', '', true],
  ])('%p on %p is %p', (pattern, text, expected) => {
    expect(compileRegex(pattern).test(text)).toBe(expected);
    expect(compileRegex(pattern).find(text, 0) !== null).toBe(expected);
  });

  it.each([
    '(',
    'a)',
    '[a',
    '*a',
    'a**',
    '(?=a)',
    '(?<=a)b',
    '(a)\\1',
    '\\',
    '[z-a]',
    'a{2,1}',
    '\\p{Nothing}',
    '(?P<a',
    '(?:a{0,900}){0,900}b',
  ])('refuses %p with a clear error', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(expect.objectContaining({ code: 'KQL_FAILED' }));
  });

  it('takes flags beside the pattern', () => {
    expect(compileRegex('a.B', 'is').test('A\nb')).toBe(true);
    expect(compileRegex('<.*>', 'U').find('<a><b>', 0)?.end).toBe(3);
    expect(compileRegex('<.*>').find('<a><b>', 0)?.end).toBe(6);
  });

  it('gives groups by number and name, null where one took no part', () => {
    const regex = compileRegex('(?P<name>a)|(b)');
    expect(regex.groupCount).toBe(2);
    expect([...regex.names]).toEqual([['name', 1]]);
    expect(regex.find('xb', 0)).toEqual({ start: 1, end: 2, groups: ['b', null, 'b'] });
    expect(compileRegex('(?i:(?P<name>a))b').names.get('name')).toBe(1);
  });

  it('finds all matches, empty ones too, but none where another ends', () => {
    const spans = (pattern: string, text: string) =>
      [...allMatches(compileRegex(pattern), text)].map((one) => [one.start, one.end]);
    expect(spans('a+', 'aa b a')).toEqual([
      [0, 2],
      [5, 6],
    ]);
    expect(spans('x*', '😀x')).toEqual([
      [0, 0],
      [2, 3],
    ]);
    expect(spans('z', '')).toEqual([]);
  });
});

describe('agreement with the linear matcher', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '\\d',
    '[ab]',
    '[^a]',
    '(a|b)',
    '(?:ab)?',
    'a*',
    'b+?',
    '^',
    '$',
    '\\b',
    'a{1,2}',
    '\\w',
  );
  const pattern = fc
    .tuple(fc.constantFrom('', '(?i)'), fc.array(piece, { minLength: 1, maxLength: 5 }))
    .map(([flags, pieces]) => flags + pieces.join(''));

  it('holds for every pattern and text', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'A', 'b', '1', ' ', '\n'), maxLength: 12 }),
        (source, text) => {
          const matcher = RE2JS.compile(source).matcher(text);
          const expected = matcher.find() ? [matcher.start(), matcher.end()] : null;
          const found = compileRegex(source).find(text, 0);
          expect(found && [found.start, found.end]).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('patterns made to hang', () => {
  it.each([
    ['(a+)+$', `${'a'.repeat(20_000)}!`],
    ['^(a|a)*$', `${'a'.repeat(20_000)}!`],
    ['(a|aa)+$', `${'a'.repeat(20_000)}!`],
    ['^(\\w+\\s?)*$', `${'word '.repeat(4000)}!`],
    ['(.*)*x', 'a'.repeat(20_000)],
    ['(x+x+)+y', 'x'.repeat(20_000)],
    ['([a-zA-Z]+)*[0-9]', 'a'.repeat(20_000)],
    ['(a?){20}a{20}$', `${'a'.repeat(20)}!`],
    ['.*.*.*.*=x', 'a'.repeat(20_000)],
    ['\\s+$', `${' '.repeat(20_000)}x`],
    ['(?i)^(([a-z])+.)+[A-Z]([a-z])+$', `${'a'.repeat(20_000)}11`],
  ])('%p ends on %#', (pattern, text) => {
    // Backtracking would take longer than anybody waits: a test that does not end is the failure.
    expect(compileRegex(pattern).test(text)).toBe(false);
  });
});
