import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { queryCode } from '../../src/rules/query-code.ts';

const words = (query: string) => queryCode(query).split(/\s+/).filter(Boolean);

describe('queryCode', () => {
  it.each([
    ['T | where A == "x | take 1" | count', ['T', '|', 'where', 'A', '==', '|', 'count']],
    ["T | where A == 'it\\'s' | count", ['T', '|', 'where', 'A', '==', '|', 'count']],
    [
      'T | where A == @"C:\\" | count // | take 1\n| take 2',
      ['T', '|', 'where', 'A', '==', '|', 'count', '|', 'take', '2'],
    ],
    ['print @"a""b" , 1', ['print', ',', '1']],
    ['print h"https://x//y", 1', ['print', 'h', ',', '1']],
    ['print ```a\n"b``` , 1', ['print', ',', '1']],
    ['print "never closed\n| take 1', ['print', '|', 'take', '1']],
  ])('blanks texts and comments of %j', (query, expected) => {
    expect(words(query)).toEqual(expected);
  });

  it('keeps every offset, whatever the text', () => {
    const text = fc
      .array(fc.constantFrom('"', "'", '@', '`', '```', '\\', '/', '//', '\n', 'a', ' ', '|'))
      .map((all) => all.join(''));
    fc.assert(fc.property(text, (query) => queryCode(query).length === query.length));
  });
});
