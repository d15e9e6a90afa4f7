import fc from 'fast-check';

/** Half of a pair of UTF-16 is no character: those are left out. */
const HALVES = { from: 0xd800, count: 0x800 };
const CHARACTERS = 0x110000 - HALVES.count;

/**
 * Any character of Unicode, for `fc.string({ unit: anyCharacter })`: the same texts as `unit: 'binary'` gives, which makes a table of
 * a million characters for that, in each file anew (1 s and 100 MB).
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: CHARACTERS - 1 })
  .map((at) => String.fromCodePoint(at < HALVES.from ? at : at + HALVES.count), placeOf);

function placeOf(character: unknown): number {
  const code = typeof character === 'string' ? character.codePointAt(0) : undefined;
  const isWhole = code !== undefined && character === String.fromCodePoint(code);
  if (!isWhole || (code >= HALVES.from && code < HALVES.from + HALVES.count)) throw new Error('no single character');
  return code < HALVES.from ? code : code - HALVES.count;
}
