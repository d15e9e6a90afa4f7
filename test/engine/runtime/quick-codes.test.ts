import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unpackPlainly } from '../../../src/engine/data/parquet/unpack-codes.ts';
import { quickRows, quickUnpack } from '../../../src/engine/runtime/quick-codes.ts';
import { QUICK_CODES_CODE } from '../../../src/engine/runtime/quick-codes-code.ts';

const root = resolve(import.meta.dirname, '../../..');
const { assemble } = (await import(join(root, 'scripts/assemble/assemble.mjs'))) as {
  assemble(source: string): Buffer;
};

it('has the bytes of its text', () => {
  const text = readFileSync(join(root, 'src/engine/runtime/quick-codes.wat'), 'utf8');
  expect(assemble(text).toString('base64')).toBe(QUICK_CODES_CODE);
});

/** Numbers, or null where the bytes end too early. */
function plainly(bytes: Uint8Array, width: number, count: number): Int32Array | null {
  const into = new Int32Array(count);
  try {
    unpackPlainly(bytes, 0, width, into);
    return into;
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

const run = (width: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: 3000 }), fc.uint8Array({ minLength: 4, maxLength: 4 }))
    .map(([count, value]) => [...varint(count * 2), ...value.subarray(0, (width + 7) >> 3)]);
const packed = (width: number) =>
  fc
    .integer({ min: 0, max: 200 })
    .chain((groups) =>
      fc.tuple(fc.constant(groups), fc.uint8Array({ minLength: groups * width, maxLength: groups * width })),
    )
    .map(([groups, bytes]) => [...varint(groups * 2 + 1), ...bytes]);

function varint(number: number): number[] {
  return number < 128 ? [number] : [(number & 127) | 128, ...varint(number >>> 7)];
}

const hybrid = fc.integer({ min: 1, max: 24 }).chain((width) =>
  fc.tuple(
    fc.constant(width),
    fc.array(fc.oneof(run(width), packed(width)), { maxLength: 6 }).map((parts) => parts.flat()),
    fc.integer({ min: 1024, max: 4000 }),
  ),
);

it('unpacks what JavaScript unpacks, and tells the greatest', () => {
  fc.assert(
    fc.property(hybrid, fc.nat(3), ([width, bytes, count], cut) => {
      const given = Uint8Array.from(bytes).subarray(0, bytes.length - cut);
      const expected = plainly(given, width, count);
      const into = new Int32Array(count);
      const greatest = quickUnpack(given, width, into);
      expect(greatest).toBe(expected ? expected.reduce((most, one) => Math.max(most, one)) : -1);
      if (expected) expect(into).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it('unpacks any bytes as JavaScript does, or not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 24 }), (bytes, width) => {
      const into = new Int32Array(1024);
      const expected = plainly(bytes, width, 1024);
      expect(quickUnpack(bytes, width, into) === -1).toBe(expected === null);
      if (expected) expect(into).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

it('finds the rows that are kept, also of more rows than it looks at together', () => {
  for (const count of [1024, 5000, 70_001, 140_000]) {
    const codes = Int32Array.from({ length: count }, (_, row) => (row * 7919) % 11);
    const keeps = Uint8Array.of(0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1);
    const rows = [...codes.keys()].filter((row) => keeps[codes[row] ?? 0] === 1);
    expect(quickRows(codes, keeps)).toEqual(Int32Array.from(rows));
    expect(quickRows(codes, new Uint8Array(11))).toEqual(new Int32Array(0));
  }
  expect(quickRows(new Int32Array(3), Uint8Array.of(1))).toBeNull();
});
