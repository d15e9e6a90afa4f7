import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { readCodedChunk } from '../../../src/engine/data/parquet/coded-chunk.ts';
import { unpacked } from '../../../src/engine/data/parquet/parquet-parsers.ts';
import { unpackHybrid } from '../../../src/engine/data/parquet/unpack-codes.ts';
import { createKqlEngine } from '../../../src/engine/kql-engine.ts';
import { defenderSchema } from '../../../src/kql/defender.ts';
import { tries } from '../../tries.ts';

type Text = string | null;

async function textsIn(folder: string, query: string): Promise<unknown[]> {
  const engine = createKqlEngine({ schema: defenderSchema(), files: { paths: folder }, now: 0, elapsed: () => 0 });
  const result = await engine.run(query, { signal: new AbortController().signal });
  return [...result.rows()];
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'huntwire-parquet-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeFile(path: string, texts: readonly Text[], rowGroupSize: number, codec: 'SNAPPY' | 'UNCOMPRESSED'): void {
  const columnData = [{ name: 'FileName', data: [...texts], type: 'STRING' as const }];
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize, codec })));
}

const text = fc.oneof(fc.constantFrom('', 'cmd.exe', 'ß😀', 'a\nb'), fc.string({ maxLength: 5 }));
const file = fc.record({
  few: fc.array(fc.oneof({ weight: 8, arbitrary: text }, { weight: 1, arbitrary: fc.constant(null) }), {
    minLength: 1,
    maxLength: 300,
  }),
  run: fc.constantFrom(1, 3, 40),
  rows: fc.nat(900),
  rowGroupSize: fc.constantFrom(7, 100, 1000),
  codec: fc.constantFrom('SNAPPY' as const, 'UNCOMPRESSED' as const),
});

it('gives the texts of a file as they were written, whatever form they have in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 2 }), (files) =>
      inFolder(async (folder) => {
        const written = files.map(({ few, run, rows }) =>
          Array.from({ length: rows }, (_, row) => few[Math.floor(row / run) % few.length] ?? null),
        );
        files.forEach(({ rowGroupSize, codec }, index) => {
          writeFile(join(folder, `DeviceEvents_${index}.parquet`), written[index] ?? [], rowGroupSize, codec);
        });
        const expected = written.flat().map((one) => one ?? '');
        expect(await textsIn(folder, 'DeviceEvents | project FileName')).toEqual(
          expected.map((FileName) => ({ FileName })),
        );
        const counted = [...new Set(expected)].map((FileName) => ({
          FileName,
          n: expected.filter((one) => one === FileName).length,
        }));
        const query = 'DeviceEvents | where FileName !has "zz" | summarize n = count() by FileName';
        expect(await textsIn(folder, query)).toEqual(
          counted.filter((one) => !/(?<![a-z0-9])zz(?![a-z0-9])/i.test(one.FileName)),
        );
      }),
    ),
    { numRuns: tries(15, 40) },
  );
});

it('reads columns with and without codes beside each other', async () => {
  await inFolder(async (folder) => {
    writeFile(join(folder, 'DeviceEvents_1.parquet'), ['b', 'a', 'b', 'b'], 10, 'SNAPPY');
    writeFileSync(join(folder, 'DeviceEvents_2.jsonl'), '{"FileName":"a"}\n{"DeviceName":"x"}\n');
    expect(await textsIn(folder, 'DeviceEvents | summarize n = count() by FileName')).toEqual([
      { FileName: 'b', n: 3 },
      { FileName: 'a', n: 2 },
      { FileName: '', n: 1 },
    ]);
  });
});

/** Numbers as Thrift's compact protocol has them. */
function zigzag(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value * 2; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}
const field = (value: number): number[] => [0x15, ...zigzag(value)];

/** A page of the first version: kind, sizes, then what is said of its values. */
function page(kind: 'data' | 'dictionary', about: readonly number[], body: readonly number[]): number[] {
  const head = [...field(kind === 'data' ? 0 : 2), ...field(body.length), ...field(body.length)];
  return [...head, kind === 'data' ? 0x2c : 0x4c, ...about.flatMap(field), 0, 0, ...body];
}

const DICTIONARY = page(
  'dictionary',
  [3, 0],
  [...'abc'].flatMap((one) => [1, 0, 0, 0, one.charCodeAt(0)]),
);
const asItIs = (bytes: Uint8Array): Uint8Array => bytes;
const chunk = (bytes: readonly number[], rowCount: number, nullable: boolean) =>
  readCodedChunk(Uint8Array.from(bytes), { rowCount, nullable, unpack: asItIs });

it('reads pages of the first version', () => {
  const codes = [2, 3, 0b00_10_01_00, 0];
  const required = page('data', [4, 8, 3, 3], codes);
  expect(chunk([...DICTIONARY, ...required], 4, false)).toEqual({
    codes: Int32Array.of(0, 1, 2, 0),
    distinct: ['a', 'b', 'c'],
  });
  const marked = page('data', [5, 8, 3, 3], [2, 0, 0, 0, 3, 0b11011, ...codes]);
  expect(chunk([...DICTIONARY, ...marked], 5, true)).toEqual({
    codes: Int32Array.of(0, 1, 3, 2, 0),
    distinct: ['a', 'b', 'c', null],
  });
});

it.each([
  ['texts without codes', [...DICTIONARY, ...page('data', [1, 0, 3, 3], [1, 0, 0, 0, 65])]],
  ['no dictionary', page('data', [4, 8, 3, 3], [2, 3, 0b100100, 0])],
  ['codes that stand for nothing', [...DICTIONARY, ...page('data', [4, 8, 3, 3], [2, 3, 0xff, 0xff])]],
  ['too few codes', [...DICTIONARY, ...page('data', [4, 8, 3, 3], [2, 3])]],
  ['more rows than the group', [...DICTIONARY, ...page('data', [9, 8, 3, 3], [2, 5, 0, 0, 0, 0])]],
  ['a run of a code that no bits of its width have', [...DICTIONARY, ...page('data', [4, 8, 3, 3], [2, 8, 9])]],
  ['nothing', []],
])('leaves to the general reader: %s', (_what, bytes) => {
  expect(chunk(bytes, 4, false)).toBeNull();
});

it('makes nothing of marks that are neither 0 nor 1, nor of more rows than there is memory for', () => {
  const marks = page('data', [5, 8, 3, 3], [2, 0, 0, 0, 10, 255, 2, 3, 0b100100, 0]);
  expect(chunk([...DICTIONARY, ...marks], 5, true)).toBeNull();
  expect(chunk([...DICTIONARY, ...page('data', [4, 8, 3, 3], [2, 8, 1])], 2 ** 53, false)).toBeNull();
});

it('unpacks LZ4, with and without the sizes that Hadoop writes before blocks', () => {
  const letters = [...'abcd'].map((letter) => letter.charCodeAt(0));
  // "abcd" twice and once more as repeats, then 20 letters as they are.
  const block = Uint8Array.of(0x44, ...letters, 4, 0, 0xf0, 5, ...Array(20).fill(0x78));
  const text = Buffer.from(`abcdabcdabcd${'x'.repeat(20)}`);
  expect(Buffer.from(unpacked('LZ4_RAW', block, 32) ?? [])).toEqual(text);
  expect(Buffer.from(unpacked('LZ4', block, 32) ?? [])).toEqual(text);
  const framed = Uint8Array.of(0, 0, 0, 32, 0, 0, 0, block.length, ...block);
  expect(Buffer.from(unpacked('LZ4', Uint8Array.of(...framed, ...framed), 64) ?? [])).toEqual(
    Buffer.concat([text, text]),
  );
});

it('makes of any bytes of LZ4 what they say or refuses them', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.nat(300),
      fc.constantFrom('LZ4', 'LZ4_RAW'),
      (bytes, size, codec) => {
        try {
          expect(unpacked(codec, bytes, size)).toHaveLength(size);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(RangeError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('unpacks no page that is said to be larger than its packing can make, or makes more than it says', () => {
  const zeros = new Uint8Array(1 << 20);
  expect(() => unpacked('SNAPPY', Uint8Array.of(1, 0, 65), 1 << 30)).toThrow('is said to have 1073741824 unpacked');
  expect(() => unpacked('SNAPPY', Uint8Array.of(1, 0, 65), 1 << 20)).toThrow('is said to have 1048576 unpacked');
  expect(() => unpacked('GZIP', gzipSync(zeros), 1000)).toThrow(RangeError);
  expect(() => unpacked('BROTLI', brotliCompressSync(zeros), 1000)).toThrow(RangeError);
  expect(() => unpacked('ZSTD', Uint8Array.of(40, 181, 47, 253), 1 << 30)).toThrow('is said to have');
  expect(unpacked('GZIP', gzipSync(zeros), 1 << 20)).toHaveLength(1 << 20);
  expect(unpacked('LZO', zeros, 1 << 20)).toBeNull();
});

it('gives codes of the dictionary or nothing, whatever the bytes are', () => {
  const whole = [...DICTIONARY, ...page('data', [5, 8, 3, 3], [2, 0, 0, 0, 3, 0b11011, 2, 3, 0b100100, 0])];
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
      const read = chunk(whole.with(at, byte).slice(0, length), 5, true);
      expect(read?.codes.every((code) => code >= 0 && code < read.distinct.length) ?? true).toBe(true);
    }),
    { numRuns: tries(500, 2000) },
  );
});

it('unpacks numbers of any width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 24 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
      (width, given) => {
        const numbers = given.map((one) => one % 2 ** width);
        const groups = Math.ceil(numbers.length / 8);
        const bits = numbers.map((one) => [...one.toString(2).padStart(width, '0')].reverse().join('')).join('');
        const bytes = bits.padEnd(groups * 8 * width, '0').match(/.{8}/g) ?? [];
        const packed = bytes.map((byte) => Number.parseInt([...byte].reverse().join(''), 2));
        const run = [
          2 * 3,
          ...[0, 8, 16].slice(0, (width + 7) >> 3).map((shift) => ((numbers[0] ?? 0) >> shift) & 255),
        ];
        const into = new Int32Array(numbers.length + 3);
        unpackHybrid(Uint8Array.from([...run, groups * 2 + 1, ...packed]), 0, width, into);
        expect([...into]).toEqual([...Array(3).fill(numbers[0]), ...numbers]);
      },
    ),
  );
});
