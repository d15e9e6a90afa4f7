import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packRecords, unpackRecords } from '../../src/state/writer/packed-records.ts';
import { anyCharacter } from '../any-character.ts';

const ids = fc.array(fc.stringMatching(/^[0-9a-f]{8}$/), { maxLength: 6 });
const odd = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 4 }),
  fc.constantFrom(null, undefined, true, 0, -0, Number.NaN, 'told', '', '__proto__'),
  fc.constantFrom<readonly number[]>([], [1, 2]),
);

/** As it comes to another thread. */
function sent(lists: readonly (readonly object[])[]): readonly (readonly object[])[] {
  return unpackRecords(structuredClone(packRecords(lists)));
}

describe('packed records', () => {
  it('come back as they were, whatever their members hold', () => {
    const record = fc.record({ id: odd, state: odd, more: odd }, { requiredKeys: ['id'] });
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 6 }), { maxLength: 3 }), (lists) => {
        expect(sent(lists)).toEqual(lists);
      }),
    );
  });

  it('tell 0 from -0', () => {
    expect(sent([[{ at: 0 }, { at: -0 }]])).toEqual([[{ at: 0 }, { at: -0 }]]);
  });

  it('say ids once that several members and lists have, and what is the same in all', () => {
    fc.assert(
      fc.property(ids, (keys) => {
        const messages = keys.map((id) => ({ id, orderKey: id, target: 'soar', digest: [] as number[] }));
        const memories = keys.map((key) => ({ key, state: 'told' }));
        expect(sent([messages, memories])).toEqual([messages, memories]);
        const texts = JSON.stringify(packRecords([messages, memories])).match(/[0-9a-f]{8,}/g) ?? [];
        expect(texts.join('')).toBe(
          new Set(keys).size > 1 ? keys.join('') : (keys[0] ?? '').repeat(keys.length > 0 ? 3 : 0),
        );
      }),
    );
  });

  it('stay as they are where they differ in their members', () => {
    const lists = [[{ a: 1 }, { b: 1 }], [{ a: 1, b: 2 }, { a: 1 }], []];
    expect(packRecords(lists)).toEqual(lists.map((records) => ({ records })));
    expect(sent(lists)).toEqual(lists);
  });
});
