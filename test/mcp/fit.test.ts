import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitResult } from '../../src/mcp/fit.ts';
import { tries } from '../tries.ts';

const LIMITS = { characters: 300, textCharacters: 50, depth: 4 };

describe('fitResult', () => {
  it('leaves what fits as it is', () => {
    const value = { rows: [{ a: 1, b: null, c: true, d: 'two\r\nlines\tand a tab' }], more: false };
    expect(fitResult(value, LIMITS)).toEqual({ value, cuts: [] });
  });

  it('writes out what nobody sees, in names and in texts', () => {
    const { value } = fitResult({ '\u202ea': '\u0007b\u200b\u{e0041}\u2028\ufeff\u00ad \u{e0101}x' }, LIMITS);
    expect(value).toEqual({ '<U+202E>a': '<U+0007>b<U+200B><U+E0041><U+2028><U+FEFF><U+00AD> <U+E0101>x' });
  });

  it('cuts texts, depth and the longest list, and says of each how much', () => {
    expect(fitResult({ a: 'x'.repeat(60) }, LIMITS)).toEqual({
      value: { a: 'x'.repeat(50) },
      cuts: [{ path: 'a', kept: 50, of: 60 }],
    });
    expect(fitResult({ a: { b: { c: { d: { e: 1, f: 2 } } } } }, LIMITS)).toEqual({
      value: { a: { b: { c: { d: null } } } },
      cuts: [{ path: 'a.b.c.d', kept: 0, of: 2 }],
    });
    const rows = Array.from({ length: 100 }, (_, at) => ({ at }));
    const { value, cuts } = fitResult({ short: [1, 2], rows }, LIMITS);
    const kept = (value as { rows: unknown[] }).rows.length;
    expect(value).toEqual({ short: [1, 2], rows: rows.slice(0, kept) });
    expect([cuts, kept > 10]).toEqual([[{ path: 'rows', kept, of: 100 }], true]);
  });

  it('gives nothing rather than what does not fit', () => {
    const wide = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`name${at}`, 'x'.repeat(20)]));
    expect(fitResult(wide, LIMITS)).toEqual({ value: null, cuts: [{ path: '', kept: 0, of: expect.any(Number) }] });
  });

  it('always fits, whatever it is given', () => {
    const given = fc.anything({
      maxDepth: 6,
      withBigInt: true,
      values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
    });
    fc.assert(
      fc.property(given, (value) => {
        const fitted = fitResult(value, LIMITS);
        expect((JSON.stringify(fitted.value) ?? '').length).toBeLessThanOrEqual(LIMITS.characters);
      }),
      { numRuns: tries(200, 2000) },
    );
  });
});
