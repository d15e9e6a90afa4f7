import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLossless } from '../../../src/sources/decode/parse-lossless.ts';

describe('parseLossless', () => {
  it('keeps every digit of every integer', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), (number, text) => {
        const json = `{"n":${number},${JSON.stringify(text)}:[${number},"${number}"]}`;
        const parsed = parseLossless(json) as { readonly n: unknown };
        expect(String(parsed.n)).toBe(text === 'n' ? `${number},${number}` : String(number));
        const safe = Number.isSafeInteger(Number(number));
        if (text !== 'n') expect(typeof parsed.n).toBe(safe ? 'number' : 'string');
      }),
    );
  });

  it('is JSON.parse for all else', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/(?<![.\d])\d{16,}(?![.\de])/i.test(text));
        expect(parseLossless(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('leaves digits in strings and reals alone', () => {
    const text = '{"s":"a\\"1234567890123456789","r":1.2345678901234567891,"e":12345678901234567890e-3}';
    expect(parseLossless(text)).toEqual(JSON.parse(text));
  });

  it.each(['', '{', '12345678901234567890x', '"1234567890123456789'])('refuses %s', (text) => {
    expect(() => parseLossless(text)).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  });
});
