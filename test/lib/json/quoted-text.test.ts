import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quotedText } from '../../../src/lib/json/quoted-text.ts';

describe('a text in quotes', () => {
  it('is what JSON.stringify writes: for each UTF-16 unit by itself, and for any text', () => {
    const units = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    expect(units.filter((unit) => quotedText(`a${unit}`) !== JSON.stringify(`a${unit}`))).toEqual([]);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' })), (text) => {
        expect(quotedText(text)).toBe(JSON.stringify(text));
      }),
    );
  });
});
