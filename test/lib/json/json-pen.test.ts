import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  beginJson,
  createJsonPen,
  type JsonPen,
  putBytes,
  putScalar,
  putText,
  writtenJson,
} from '../../../src/lib/json/json-pen.ts';
import { anyCharacter } from '../../any-character.ts';

const CAPACITY = 4096;

function writtenBy(write: (pen: JsonPen) => void): string | null {
  const pen = createJsonPen(CAPACITY);
  beginJson(pen);
  write(pen);
  return writtenJson(pen)?.toString() ?? null;
}

describe('a pen', () => {
  it('writes texts, numbers, booleans and null as JSON.stringify does', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 100 }),
      fc.string({ unit: fc.constantFrom('a', '\\', '"', '\n', '\u007f', 'ü', '\ud800'), maxLength: 80 }),
    );
    const value = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean());
    fc.assert(
      fc.property(fc.array(fc.oneof(value, fc.constant(null)), { maxLength: 5 }), (values) => {
        const found = writtenBy((pen) => {
          for (const one of values) putScalar(pen, one);
        });
        expect(found).toBe(values.map((one) => JSON.stringify(one)).join(''));
      }),
      { numRuns: 300 },
    );
  });

  it('takes nothing else', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, [], {}, 1n])
      expect(writtenBy((pen) => expect(putScalar(pen, value)).toBe(false))).toBe('');
  });

  it('tells that its memory is full, whatever would still fit into it, until it begins anew', () => {
    const pen = createJsonPen(CAPACITY);
    for (const large of ['ü'.repeat(CAPACITY), 'x'.repeat(CAPACITY)]) {
      beginJson(pen);
      putText(pen, large);
      putScalar(pen, 1);
      expect(writtenJson(pen)).toBeNull();
    }
    beginJson(pen);
    putBytes(pen, Buffer.alloc(CAPACITY + 1));
    expect(writtenJson(pen)).toBeNull();
    beginJson(pen);
    putBytes(pen, Buffer.from('['));
    putText(pen, 'a');
    expect(writtenJson(pen)?.toString()).toBe('["a"');
  });
});
