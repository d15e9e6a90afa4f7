import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstByte, firstDifference, marksOf } from '../../../src/sources/decode/equal-bytes.ts';
import { createGathered, gatherText } from '../../../src/sources/decode/gather-text.ts';
import { isNormalDatetime, normalDatetime } from '../../../src/sources/decode/normalize-datetime.ts';
import { viewOf } from '../../../src/sources/decode/row-pattern.ts';

const standsForItself = (byte: number) => byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c;

describe('the first of four bytes that does not stand for itself', () => {
  it('is found, whatever stands before and behind it', () => {
    for (let byte = 0; byte < 256; byte++) {
      for (const other of Buffer.from(' !#Z[]~\u007f')) {
        for (let place = 0; place < 4; place++) {
          const bytes = Buffer.alloc(4, other);
          bytes[place] = byte;
          const marks = marksOf(bytes.readInt32LE());
          expect(marks !== 0).toBe(!standsForItself(byte));
          if (marks !== 0) expect(firstByte(marks)).toBe(place);
        }
      }
    }
  });

  it('is the first of several', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (four) => {
        const marks = marksOf(Buffer.from(four).readInt32LE());
        expect(marks === 0 ? -1 : firstByte(marks)).toBe(four.findIndex((byte) => !standsForItself(byte)));
      }),
    );
  });
});

describe('the first difference', () => {
  it('is where a loop over the bytes finds it, also in what is no number as a double', () => {
    const bytes = fc.array(fc.constantFrom(0x20, 0x41, 0x7f, 0xf0, 0xf8, 0xff), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 39 }), { maxLength: 3 }), fc.nat({ max: 9 }), (one, changes, shift) => {
        const other = [...Array(shift).fill(0x20), ...one];
        for (const at of changes) if (at < one.length) other[at + shift] = 0x42;
        const expected = one.findIndex((byte, index) => byte !== other[index + shift]);
        const found = firstDifference(viewOf(Buffer.from(one)), 0, one.length, viewOf(Buffer.from(other)), shift);
        expect(found).toBe(expected < 0 ? one.length : expected);
      }),
    );
  });
});

describe('gathered text', () => {
  const gather = (json: string) => {
    const gathered = createGathered();
    const end = gatherText(gathered, viewOf(Buffer.from(json)), 1);
    return { end, text: gathered.bytes.toString('latin1', 0, gathered.length) };
  };

  it('is what JSON.parse makes of it, or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }), (any, ascii) => {
        for (const value of [any, ascii]) {
          const json = JSON.stringify(value);
          const { end, text } = gather(`${json},"more"`);
          const isSimple = /^[\x20-\x7f]*$/.test(json) && !json.replaceAll('\\\\', '').includes('\\u');
          expect([end, text]).toEqual(isSimple ? [json.length, value] : [-1, '']);
        }
      }),
    );
  });

  it.each(['"', '"abc', '"abcd\\', '"\\x"', '"\\u0041"', '"a\u0001b"', '"é"'])('is nothing of %j', (json) => {
    expect(gather(json)).toEqual({ end: -1, text: '' });
  });
});

describe('a time in its normal form', () => {
  it('is one that stays as it is', () => {
    const time = '2026-01-01T12:34:56';
    const ends = [
      'Z',
      '.1Z',
      '.10Z',
      '.0Z',
      '.0000001Z',
      '.1234567Z',
      '.12345678Z',
      '.Z',
      '',
      'z',
      '+00:00',
      '.1',
      '.1z',
      '/1Z',
    ];
    const texts = [
      ...ends.map((end) => time + end),
      '2026-01-01',
      '2026-01-01 12:34:56Z',
      'x',
      '',
      '2026-01-01T12:34:5:Z',
    ];
    for (const text of texts) {
      const bytes = Buffer.from(`"${text}"`);
      expect([text, isNormalDatetime(bytes, 1, bytes.length - 1)]).toEqual([text, normalDatetime(text) === text]);
    }
    for (let at = 0; at < time.length; at++) {
      for (const letter of '/09:-T.') {
        const text = `${time.slice(0, at)}${letter}${time.slice(at + 1)}.5Z`;
        expect([text, isNormalDatetime(Buffer.from(text), 0, text.length)]).toEqual([
          text,
          normalDatetime(text) === text,
        ]);
      }
    }
  });

  it('is what is left without zeros that say nothing', () => {
    const cases = {
      '.1200000Z': '.12Z',
      '.0000000Z': 'Z',
      '.10Z': '.1Z',
      '.0Z': 'Z',
      '.0100Z': '.01Z',
      '.12345670Z': '.1234567Z',
    };
    for (const [end, normal] of Object.entries(cases))
      expect(normalDatetime(`2026-01-01T10:00:00${end}`)).toBe(`2026-01-01T10:00:00${normal}`);
  });
});
