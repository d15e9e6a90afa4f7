import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonBytes } from '../../../src/lib/json/json-bytes.ts';
import { parseWritten } from '../../../src/lib/json/known-text.ts';
import { anyCharacter } from '../../any-character.ts';

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 90 }),
  fc.constantFrom('', '__proto__', '0', '-1', 'toString', 'x'.repeat(65), '\ud800', '"\\\u0000'),
);
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(text, tie('data'), { maxKeys: 5 }),
  ),
}));

describe('the bytes of JSON data', () => {
  it('are those of JSON.stringify in UTF-8', () => {
    fc.assert(
      fc.property(fc.dictionary(text, data, { maxKeys: 6 }), (value) => {
        expect(jsonBytes(value).toString()).toBe(JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });

  it('are so of what is too long for the pen, and right behind it', () => {
    for (const value of [{ a: 'ü'.repeat(70_000), b: [1] }, { a: 'x'.repeat(70_000) }, { a: [] }])
      expect(jsonBytes(value).toString()).toBe(JSON.stringify(value));
  });

  it('are not shared with what is written afterwards', () => {
    const first = jsonBytes({ a: 1 });
    jsonBytes({ a: 2 });
    expect(first.toString()).toBe('{"a":1}');
  });

  it('are the text that a value was parsed from', () => {
    expect(jsonBytes(parseWritten<object>('{ "a": "ä" }')).toString()).toBe('{ "a": "ä" }');
  });
});
