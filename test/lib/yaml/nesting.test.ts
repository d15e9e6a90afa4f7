import { describe, expect, it } from '@jest/globals';
import { Lexer } from 'yaml';
import { nestsDeeper } from '../../../src/lib/yaml/nesting.ts';

const isDeeper = (text: string, limit: number): boolean => nestsDeeper(new Lexer().lex(text), limit);

describe('nestsDeeper', () => {
  it('counts flow and block collections', () => {
    expect(isDeeper('a: [[1]]', 4)).toBe(false);
    expect(isDeeper('a: [[[[1]]]]', 4)).toBe(true);
    expect(isDeeper('a:\n  b:\n    c: 1\nd:\n  e: 1\n', 6)).toBe(false);
    expect(isDeeper('- - - - - 1\n', 3)).toBe(true);
    expect(isDeeper(Array.from({ length: 40 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), 20)).toBe(true);
  });

  it('does not count what stands in texts', () => {
    const deep = '['.repeat(500);
    expect(isDeeper(`a: "${deep}"\nb: '${deep}'\nc: |\n  ${deep}\n      ${deep}\nd: x # ${deep}\n`, 10)).toBe(false);
  });

  it('is not tired by long lists', () => {
    expect(isDeeper(Array(20_000).fill('- a: 1\n  b: [x]').join('\n'), 10)).toBe(false);
  });

  it.each(['[', '{a: ', '- ', '? '])('stops at a flood of %s', (text) => {
    expect(isDeeper(text.repeat(100_000), 128)).toBe(true);
  });
});
