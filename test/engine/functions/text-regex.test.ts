import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('functions with regular expressions', () => {
  it.each([
    ['extract("a(.)(.)?", 1, "xabc")', 'b'],
    ['extract("a(.)(.)?", 0, "xabc")', 'abc'],
    ['extract("a(.)(x)?", 2, "xabc")', ''],
    ['extract("a(.)", 7, "ab")', ''],
    ['extract("z", 0, "abc")', ''],
    ['extract("(\\\\d+)", 1, "n 42", typeof(long))', 42],
    ['extract("([a-z]+)", 1, "n 42", typeof(long))', null],
    ['extract("(.+)", 1, "2020-01-01", typeof(datetime))', '2020-01-01T00:00:00Z'],
    ['extract_all("(\\\\d)", "a1b2")', ['1', '2']],
    [
      'extract_all("(\\\\w)(\\\\d)", "a1b2")',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['extract_all("(\\\\w)(\\\\d)", dynamic([2]), "a1b2")', ['1', '2']],
    ['extract_all("(?P<letter>\\\\w)(\\\\d)", dynamic(["letter", 2]), "a1")', [['a', '1']]],
    ['extract_all("(\\\\d)", "abc")', null],
    ['extract_all("(\\\\d)", dynamic([7]), "a1")', null],
    ['extract_all("(\\\\d)", "")', null],
    ['replace_regex("a1b22", "\\\\d+", "<\\\\0>")', 'a<1>b<22>'],
    ['replace_regex("john doe", "(\\\\w+) (\\\\w+)", "\\\\2 \\\\1")', 'doe john'],
    ['replace_regex("abc", "x", "y")', 'abc'],
    ['replace_regex("", "^$", "y")', 'y'],
    ['replace("[0-9]", "#", "a1b2")', 'a#b#'],
    ['trim("-+", "--a-b--")', 'a-b'],
    ['trim_start("-+", "--a--")', 'a--'],
    ['trim_end("-+", "--a--")', '--a'],
    ['trim("[^\\\\w]+", "  ")', ''],
    ['trim("x", "")', ''],
    ['countof("aaaa", "aa")', 3],
    ['countof("ababa", "aba", "regex")', 1],
    ['countof("abc", "")', 0],
    ['countof("", "a")', 0],
    ['indexof_regex("abcabc", "a.c")', 0],
    ['indexof_regex("abcabc", "a.c", 1)', 3],
    ['indexof_regex("abcabc", "a.c", 0, -1, 2)', 3],
    ['indexof_regex("abcabc", "x")', -1],
    ['indexof_regex("abcabc", "a", -1)', null],
    ['regex_quote("(a.b)*")', '\\(a\\.b\\)\\*'],
    ['"a.c" matches regex strcat("^", regex_quote("a.c"), "$")', true],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it('say what is wrong with a pattern, and where', async () => {
    await expect(evaluate('extract("(", 0, "x")')).rejects.toThrow(expect.objectContaining({ code: 'KQL_FAILED' }));
  });

  it('wants a group in extract_all()', async () => {
    await expect(evaluate('extract_all("\\\\d", "a1")')).rejects.toMatchObject({ code: 'KQL_FAILED' });
  });
});
