import { describe, expect, it } from '@jest/globals';
import { supportOf } from '../../src/engine/support.ts';

describe('the support matrix', () => {
  it('speaks of operators by their words', () => {
    const { operators, plugins } = supportOf();
    expect(operators).toEqual(
      expect.arrayContaining(['where', 'mv-expand', 'make-series', 'parse-kv', 'datatable', 'find']),
    );
    expect(operators.filter((word) => !/^[a-z]+(-[a-z]+)*$/.test(word))).toEqual([]);
    expect(plugins).toContain('bag_unpack');
  });
});
