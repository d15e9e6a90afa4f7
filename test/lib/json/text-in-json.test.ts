import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textInJson } from '../../../src/lib/json/text-in-json.ts';
import { anyCharacter } from '../../any-character.ts';

describe('a text in quotes', () => {
  it('is what JSON.stringify writes: for each UTF-16 unit by itself, and for any text', () => {
    const units = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    expect(units.filter((unit) => textInJson(`a${unit}`) !== JSON.stringify(`a${unit}`))).toEqual([]);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.string({ unit: 'binary-ascii' })), (text) => {
        expect(textInJson(text)).toBe(JSON.stringify(text));
      }),
    );
  });
});
