import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { knownText, parseWritten, writtenMembers, writtenText } from '../../../src/lib/json/known-text.ts';
import { anyCharacter } from '../../any-character.ts';

const values = fc.oneof(fc.dictionary(fc.string({ unit: anyCharacter }), fc.jsonValue()), fc.array(fc.jsonValue()));

describe('known texts', () => {
  it('are what JSON.stringify writes of the value', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        const parsed = parseWritten<object>(text);
        expect(writtenText(parsed)).toBe(text);
        expect(JSON.stringify(parsed)).toBe(text);
        expect(knownText(parsed)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('stand for members, beside others', () => {
    fc.assert(
      fc.property(values, fc.dictionary(fc.string(), fc.jsonValue()), (value, others) => {
        const alert = parseWritten<object>(JSON.stringify(value));
        const whole = { ...others, alert, none: undefined, nothing: null };
        expect(writtenMembers(whole)).toBe(JSON.stringify(whole));
      }),
      { numRuns: 50 },
    );
  });

  it('are not kept where they are long, and such a value is written again', () => {
    const kept = JSON.stringify({ a: 'x'.repeat(64 * 1024 - 8) });
    const long = JSON.stringify({ a: 'x'.repeat(64 * 1024 - 7) });
    expect(knownText(parseWritten(kept))).toBe(kept);
    expect(knownText(parseWritten(long))).toBeNull();
    expect(writtenText(parseWritten(long))).toBe(long);
  });

  it('are not known of a copy, nor of what nobody parsed', () => {
    const parsed = parseWritten<{ readonly a: number }>('{"a":1}');
    expect(knownText({ ...parsed })).toBeNull();
    expect(writtenText({ ...parsed, a: 2 })).toBe('{"a":2}');
  });
});
