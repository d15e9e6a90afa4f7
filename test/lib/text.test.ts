import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutText, cutUtf8, wellFormed } from '../../src/lib/text.ts';
import { anyCharacter } from '../any-character.ts';

const anyText = fc.string({ unit: anyCharacter });

describe('wellFormed', () => {
  it('replaces lone surrogates and keeps pairs', () => {
    expect(wellFormed('a\ud800b\udc00c😀')).toBe('a\ufffdb\ufffdc😀');
  });
});

describe('cutText', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly', 7, 'exactly'],
    ['too long', 5, 'too …'],
    ['ab😀cd', 4, 'ab…'],
    ['anything', 0, ''],
  ])('cuts %j to %d units', (text, limit, expected) => {
    expect(cutText(text, limit)).toBe(expected);
  });

  it('never exceeds the limit nor halves a pair', () => {
    fc.assert(
      fc.property(anyText, fc.nat(20), (text, limit) => {
        const cut = cutText(text, limit);
        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(wellFormed(cut)).toBe(cut);
      }),
    );
  });
});

describe('cutUtf8', () => {
  it('keeps whole characters only, as many as fit', () => {
    expect(cutUtf8('aé😀', 2)).toBe('a');
    expect(cutUtf8('aé😀', 3)).toBe('aé');
    expect(cutUtf8('aé😀', 6)).toBe('aé');
    expect(cutUtf8('aé😀', 7)).toBe('aé😀');
  });

  it('gives a prefix within the limit', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), (text, limit) => {
        const cut = cutUtf8(text, limit);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
        expect(text.startsWith(cut)).toBe(true);
      }),
    );
  });
});
