import { describe, expect, it } from '@jest/globals';
import { nestsDeeper } from '../../../src/lib/yaml/nesting.ts';

describe('nestsDeeper', () => {
  it('counts flow and block collections', () => {
    expect(nestsDeeper('a: [[1]]', 4)).toBe(false);
    expect(nestsDeeper('a: [[[[1]]]]', 4)).toBe(true);
    expect(nestsDeeper('a:\n  b:\n    c: 1\nd:\n  e: 1\n', 6)).toBe(false);
    expect(nestsDeeper('- - - - - 1\n', 3)).toBe(true);
    expect(nestsDeeper(Array.from({ length: 40 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), 20)).toBe(true);
  });

  it('does not count what stands in texts', () => {
    const deep = '['.repeat(500);
    expect(nestsDeeper(`a: "${deep}"\nb: '${deep}'\nc: |\n  ${deep}\n      ${deep}\nd: x # ${deep}\n`, 10)).toBe(false);
  });

  it('is not tired by long lists', () => {
    expect(nestsDeeper(Array(20_000).fill('- a: 1\n  b: [x]').join('\n'), 10)).toBe(false);
  });

  it.each(['[', '{a: ', '- ', '? '])('stops at a flood of %s', (text) => {
    expect(nestsDeeper(text.repeat(100_000), 128)).toBe(true);
  });
});
