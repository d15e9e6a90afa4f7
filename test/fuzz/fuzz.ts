import fc from 'fast-check';
import { HuntwireError } from '../../src/lib/errors.ts';
import { anyCharacter } from '../any-character.ts';
import { tries } from '../tries.ts';

/** How many inputs a property tries: half of `few` in `npm test`, `few` by `npm run test:long`, more by `npm run fuzz`, which sets HUNTWIRE_FUZZ_RUNS and maybe a seed. */
export function fuzzRuns(few: number): { readonly numRuns: number; readonly seed?: number } {
  const { HUNTWIRE_FUZZ_RUNS: runs, HUNTWIRE_FUZZ_SEED: seed } = process.env;
  const least = tries(Math.ceil(few / 2), few);
  return { numRuns: runs ? Math.max(few, Number(runs)) : least, ...(seed && { seed: Number(seed) }) };
}

/** What `work` gives, or null where it refuses its input as ours do: by a HuntwireError with one of these codes. Anything else is thrown on. */
export async function refusedOr<T>(codes: RegExp, work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HuntwireError && codes.test(error.code)) return null;
    throw error;
  }
}

/** A text with a few places changed, cut, doubled or filled with what parsers stumble over. */
export function mangledText(text: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      '',
      '\0',
      '\n',
      '\r',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ':',
      '- ',
      '&a ',
      '*a',
      '${',
      '$' + '{env:X}',
      '<<: ',
      '\ud800',
      '\u202e',
      '__proto__',
      '-',
      '0',
      '1e999',
      '!!js ',
      '%',
      ',',
    ),
    fc.string({ maxLength: 8 }),
    fc.string({ unit: anyCharacter, maxLength: 4 }),
  );
  const change = fc.tuple(fc.nat(text.length), fc.nat(12), piece);
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce((left, [at, removed, added]) => left.slice(0, at) + added + left.slice(at + removed), text),
    );
}

/** The same for bytes. */
export function mangledBytes(bytes: Buffer): fc.Arbitrary<Buffer> {
  const change = fc.tuple(fc.nat(bytes.length), fc.nat(8), fc.uint8Array({ maxLength: 8 }));
  return fc
    .array(change, { minLength: 1, maxLength: 5 })
    .map((changes) =>
      changes.reduce(
        (left, [at, removed, added]) => Buffer.concat([left.subarray(0, at), added, left.subarray(at + removed)]),
        bytes,
      ),
    );
}
