import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lengthInPoints, pointsBefore, slicePoints, unitsBefore } from '../../../src/engine/values/code-points.ts';
import { foldCase } from '../../../src/engine/values/fold.ts';
import { bytesOfGuid, guidOfBytes, parseGuid } from '../../../src/engine/values/guid.ts';
import { anyCharacter } from '../../any-character.ts';

describe('foldCase', () => {
  it.each([
    ['PowerShell', 'POWERSHELL'],
    ['ÉCOLE', 'école'],
    ['ΟΔΟΣ', 'οδος'],
    ['ПРИВЕТ', 'привет'],
  ])('%p and %p are alike', (left, right) => {
    expect(foldCase(left)).toBe(foldCase(right));
  });

  it.each([
    ['\u212a', 'k'],
    ['\u0130', 'i'],
    ['ß', 'SS'],
  ])('%p and %p are not', (left, right) => {
    expect(foldCase(left)).not.toBe(foldCase(right));
  });

  it('keeps the length of every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        expect(foldCase(text)).toHaveLength(text.length);
      }),
    );
  });
});

describe('code points', () => {
  it('count characters outside the basic plane once', () => {
    expect(lengthInPoints('a😀b')).toBe(3);
    expect(slicePoints('a😀b', 1, 1)).toBe('😀');
    expect([pointsBefore('a😀b', 3), unitsBefore('a😀b', 2)]).toEqual([2, 3]);
    expect([unitsBefore('abc', 9), slicePoints('abc', 1, 9)]).toEqual([3, 'bc']);
  });
});

describe('guids', () => {
  it('are read with and without dashes', () => {
    expect(parseGuid('0123456789ABCDEF0123456789abcdef')).toBe('01234567-89ab-cdef-0123-456789abcdef');
    expect(parseGuid('0123456789ab-cdef')).toBeNull();
  });

  it('become bytes and again themselves', () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        expect(guidOfBytes(bytesOfGuid(guid))).toBe(guid);
      }),
    );
    expect(guidOfBytes(new Uint8Array(3))).toBeNull();
  });
});
