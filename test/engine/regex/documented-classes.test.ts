import { describe, expect, it } from '@jest/globals';
import { allMatches, compileRegex } from '../../../src/engine/regex/compile-regex.ts';

const found = (pattern: string, text: string) =>
  [...allMatches(compileRegex(pattern), text)].map(({ groups }) => groups[0]);

const CLASSES: readonly (readonly [pattern: string, text: string, found: string])[] = [
  ['[a-y&&xyz]', 'wxyz', 'xy'],
  ['[0-9&&[^4]]', '3459', '359'],
  ['[0-9--4]', '3459', '359'],
  ['[a-g~~b-h]', 'abgh', 'ah'],
  ['[x[^xyz]]', 'xyzé', 'xé'],
  ['[^a-z&&b]', 'abz-', 'az-'],
  ['[a&&b]', 'ab', ''],
  ['[ab&&bc--b]', 'abc', ''],
  ['[\\w&&[^\\d]]', 'a1_é٣', 'a_é'],
  ['[\\pL--\\p{Greek}&&\\p{Uppercase}]', 'aαΩAÉ', 'AÉ'],
  ['[\\p{Greek}[:digit:]]', 'aα1', 'α1'],
  ['[[:^alpha:]&&[^0-9]]', 'a1-', '-'],
  ['[-a]', 'a-b', 'a-'],
  ['[--a]', 'a-b', 'a-'],
  ['[a-]', 'a-b', 'a-'],
  ['[^[]', '[a', 'a'],
  ['[\\[\\]]', 'a[]', '[]'],
  ['(?i)[a-y&&xyz]', 'XZ', 'X'],
];

describe('classes made of classes', () => {
  it.each(CLASSES)('%s in %s', (pattern, text, expected) => {
    expect(found(pattern, text).join('')).toBe(expected);
  });

  it.each(CLASSES)('%s, where the pattern goes to the linear matcher', (pattern, text, expected) => {
    const flag = pattern.startsWith('(?i)') ? '(?i)' : '';
    expect(found(`${flag}(?:(?:${pattern.slice(flag.length)})+)+`, text).join('')).toBe(expected);
  });
});

describe('boundaries on one side', () => {
  it.each([
    ['\\b{start}', 'one two', [0, 4]],
    ['\\<', 'one two', [0, 4]],
    ['\\b{end}', 'one two', [3, 7]],
    ['\\>', 'ünö two', [3, 7]],
    ['\\b{start-half}', '-one', [0, 1]],
    ['\\b{end-half}', 'one-', [3, 4]],
    ['\\b{end-half}', '😀', [0, 2]],
  ])('%s in %s', (pattern, text, places) => {
    expect([...allMatches(compileRegex(pattern), text)].map(({ start }) => start)).toEqual(places);
  });

  it('are refused where the pattern could be slow, and not taken for a sign', () => {
    expect(() => compileRegex('(a+)+\\<').test('a<')).toThrow('a boundary on one side');
  });
});

describe('characters by their numbers and properties by their names', () => {
  it.each(['\\u0041', '\\u{41}', '\\U00000041', '\\U{41}', '\\x{41}', '\\p{Letter}', '\\p{Uppercase}'])(
    '%s',
    (pattern) => {
      expect(found(pattern, 'A1')).toEqual(['A']);
      if (!pattern.startsWith('\\p')) expect(found(`(?:${pattern}+)+$`, 'xA')).toEqual(['A']);
    },
  );
});

describe('empty matches', () => {
  it.each([
    ['a*', 'aaa', ['aaa']],
    ['a*', 'baab', ['', 'aa', '']],
    ['', 'ab', ['', '', '']],
    ['x*', '😀a', ['', '', '']],
    ['a*$', 'baa', ['aa']],
  ])('%p in %p: none where another ends', (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected);
  });
});
