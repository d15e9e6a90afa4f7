import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../evaluate.ts';

describe('functions on text', () => {
  it.each([
    ['strlen("a😀b")', 3],
    ['strlen("")', 0],
    ['strlen(tostring(long(null)))', 0],
    ['string_size("a😀b")', 6],
    ['toupper("straße é")', 'STRAßE É'],
    ['tolower("ÄÖ ΟΔΟΣ")', 'äö οδοσ'],
    ['strcat("a", 1, true, 2.0, 1s, dynamic([1]), long(null))', 'a1True2.000:00:01[1]'],
    ['strcat("a", "b")', 'ab'],
    ['strcat_delim("-", "a", "", 3)', 'a--3'],
    ['strcat_array(dynamic(["a", 1, null]), "+")', 'a+1+'],
    ['strcat_array(parse_json("a"), "+")', ''],
    ['strrep("ab", 3)', 'ababab'],
    ['strrep("ab", 2, ",")', 'ab,ab'],
    ['strrep("ab", 0)', ''],
    ['strcmp("a", "b")', -1],
    ['strcmp("b", "a")', 1],
    ['strcmp("", "")', 0],
    ['substring("123456", 1)', '23456'],
    ['substring("123456", 2, 2)', '34'],
    ['substring("123456", -2, 2)', '56'],
    ['substring("123456", -9)', ''],
    ['substring("123456", -6, 2)', '12'],
    ['tolower("Σς ΟΔΟΣ")', 'σς οδοσ'],
    ['substring("123456", 9)', ''],
    ['substring("a😀b", 1, 1)', '😀'],
    ['split("a_b", "_")', ['a', 'b']],
    ['split("a__b", "_")', ['a', '', 'b']],
    ['split("", "_")', ['']],
    ['split("a_b_c", "_", 1)', ['b']],
    ['split("a_b", "_", 7)', null],
    ['split("ab", "")', ['ab']],
    ['indexof("abcabc", "c")', 2],
    ['indexof("abcabc", "x")', -1],
    ['indexof("abcabc", "")', null],
    ['indexof("abcabc", "c", 3)', 5],
    ['indexof("abcabc", "c", -1)', 5],
    ['indexof("abcabc", "c", 0, 2)', -1],
    ['indexof("abcabc", "c", 0, -1, 2)', 5],
    ['indexof("abcabc", "c", 0, -1, 0)', null],
    ['indexof("abcabc", "c", 0, -5)', null],
    ['indexof("a😀b", "b")', 2],
    ['reverse("a😀b")', 'b😀a'],
    ['replace_string("a.b.c", ".", "$&")', 'a$&b$&c'],
    ['replace_string("abc", "", "x")', 'abc'],
    ['replace_strings("cat dog", dynamic(["cat", "dog"]), dynamic(["dog", "bird"]))', 'dog bird'],
    ['replace_strings("cat", dynamic([]), dynamic([]))', 'cat'],
    ['translate("abc", "x", "aXbc")', 'xXxx'],
    ['translate("krasp", "otsku", "spark")', 'kusto'],
    ['translate("abc", "", "abd")', 'd'],
    ['has_any_index("this is it", dynamic(["not", "THIS"]))', 1],
    ['has_any_index("this", dynamic([]))', -1],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  it.each([
    'strcat(strrep(strrep("abcdefgh", 1024), 1024), strrep(strrep("abcdefgh", 1024), 1000))',
    `strcat(${new Array(17).fill('strrep(strrep("a", 1024), 1024)').join(', ')})`,
    `strcat_delim(strrep(strrep("a", 1024), 1024), ${new Array(17).fill('"b"').join(', ')})`,
    'strcat_array(split(strrep("b,", 1024), ","), strrep(strrep("a", 1024), 16))',
    'replace_string(strrep(strrep("a", 1024), 16), "a", strrep("b", 1024))',
    'replace_regex(strrep(strrep("a", 1024), 16), "a", strrep("b", 1024))',
    'replace_strings(strrep(strrep("a", 1024), 16), dynamic(["a"]), pack_array(strrep("b", 1024)))',
  ])('stop before a text is too long: %s', async (expression) => {
    await expect(evaluate(expression)).rejects.toThrow(expect.objectContaining({ code: 'KQL_BUDGET' }));
  });

  it('do not make texts without end', async () => {
    const bomb = 'strrep(strrep(strrep("abcd", 1024), 1024), 1024)';
    await expect(evaluate(bomb)).rejects.toThrow(expect.objectContaining({ code: 'KQL_BUDGET' }));
    const growing = 'replace_string(strrep(strrep("a", 1024), 1024), "a", strrep("b", 100))';
    await expect(evaluate(growing)).rejects.toThrow(expect.objectContaining({ code: 'KQL_BUDGET' }));
  });
});
