import { describe, expect, it } from '@jest/globals';
import { isNormalDatetime, normalDatetime } from '../../../src/sources/decode/normalize-datetime.ts';

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
