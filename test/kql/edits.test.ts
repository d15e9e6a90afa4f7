import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyEdits } from '../../src/kql/edits.ts';

describe('applyEdits', () => {
  it('inserts and replaces, and maps places back', () => {
    const edited = applyEdits('abcdef', [
      { start: 4, end: 6, text: 'XYZ' },
      { start: 1, end: 1, text: '((' },
    ]);
    expect(edited.text).toBe('a((bcdXYZ');
    expect([0, 1, 2, 3, 5, 6, 8].map(edited.toOriginal)).toEqual([0, 1, 1, 1, 3, 4, 4]);
    expect([edited.toOriginal(-1), edited.toOriginal(99)]).toEqual([0, 6]);
  });

  it('keeps the order of insertions at one place', () => {
    const edits = ['1', '2', '3'].map((text) => ({ start: 1, end: 1, text }));
    expect(applyEdits('ab', edits).text).toBe('a123b');
  });

  it('maps every kept character to itself', () => {
    const insertion = fc.record({ at: fc.nat(), text: fc.string() });
    fc.assert(
      fc.property(fc.string(), fc.array(insertion), (text, insertions) => {
        const edits = insertions.map((one) => {
          const at = one.at % (text.length + 1);
          return { start: at, end: at, text: one.text };
        });
        const edited = applyEdits(text, edits);
        const added = edits.reduce((sum, edit) => sum + edit.text.length, 0);
        expect(edited.text.length).toBe(text.length + added);
        const places = new Set(Array.from({ length: edited.text.length }, (_, at) => edited.toOriginal(at)));
        for (let at = 0; at < text.length; at += 1) expect(places.has(at)).toBe(true);
      }),
    );
  });
});
