import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromKeptText, keptText } from '../../../src/rules/kept/kept-text.ts';
import { anyCharacter } from '../../any-character.ts';

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: anyCharacter }),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

describe('kept text', () => {
  it('is one line that gives the same data again', () => {
    fc.assert(
      fc.property(plain.value, (value) => {
        const text = keptText(value) ?? '';
        expect(text).not.toContain('\n');
        expect(fromKeptText(text)).toStrictEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('gives frozen data', () => {
    const again = fromKeptText(keptText({ list: [{ number: 5n }] }) ?? '') as { list: readonly object[] };
    expect([again, again.list, again.list[0]].every(Object.isFrozen)).toBe(true);
  });

  it('is not made of data that would be taken for something else', () => {
    expect(keptText({ deep: [{ $kept: 'bigint', text: '5' }] })).toBeNull();
    expect(keptText({ deep: '{"$kept":' })).not.toBeNull();
    expect(fromKeptText(keptText({ deep: '{"$kept":' }) ?? '')).toEqual({ deep: '{"$kept":' });
  });
});
