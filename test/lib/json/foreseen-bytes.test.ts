import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foreseenSize, takenBytes } from '../../../src/lib/json/foreseen-bytes.ts';
import { parseWritten } from '../../../src/lib/json/known-text.ts';
import { anyCharacter } from '../../any-character.ts';

describe('texts that are written before they are wanted', () => {
  it('are the UTF-8 of what JSON.stringify writes, however many lie beside one another', () => {
    const dictionaries = fc.dictionary(fc.string({ unit: anyCharacter }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(dictionaries, { maxLength: 20 }), (values) => {
        const texts = values.map((value) => Buffer.from(JSON.stringify(value)));
        expect(values.map(foreseenSize)).toEqual(texts.map(({ length }) => length));
        expect(values.map(takenBytes)).toEqual(texts);
      }),
      { numRuns: 30 },
    );
  });

  it('stay as they are while the memory that they share is filled', () => {
    const values = Array.from({ length: 60 }, (_, index) => ({ a: String(index).padStart(8000, '€') }));
    for (const value of values) foreseenSize(value);
    expect(values.map((value) => takenBytes(value).toString())).toEqual(values.map((value) => JSON.stringify(value)));
  });

  it('are written anew where they are long or were taken, and those that were parsed as they were', () => {
    const long = { a: 'ü'.repeat(8 * 1024) };
    expect(foreseenSize(long)).toBe(2 * 8 * 1024 + 8);
    for (const value of [long, long, parseWritten<object>('{ "a": 1 }')]) {
      expect(JSON.parse(takenBytes(value).toString())).toEqual(value);
    }
  });

  it('are taken once: a value that was changed since is written as it is now', () => {
    const value = { a: 1 };
    foreseenSize(value);
    expect(takenBytes(value).toString()).toBe('{"a":1}');
    value.a = 2;
    expect(takenBytes(value).toString()).toBe('{"a":2}');
  });
});
