import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { supportOf, supportPage } from '../../src/engine/support.ts';

describe('the support matrix', () => {
  it('is what the registries hold (else run scripts/generate-kql-support.mjs)', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/kql-support.md'), 'utf8');
    expect(page).toBe(supportPage(supportOf()));
  });

  it('speaks of operators by their words', () => {
    const { operators, plugins } = supportOf();
    expect(operators).toEqual(
      expect.arrayContaining(['where', 'mv-expand', 'make-series', 'parse-kv', 'datatable', 'find']),
    );
    expect(operators.filter((word) => !/^[a-z]+(-[a-z]+)*$/.test(word))).toEqual([]);
    expect(plugins).toContain('bag_unpack');
  });
});
