import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import type { ServiceRow } from '../../../src/sources/decode/decode-state.ts';
import { rowBench } from '../../../src/sources/decode/row-bench.ts';
import { PIECE_SIZE } from '../../../src/sources/decode/row-reader.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';

const LIMITS = { ...DECODE_LIMITS, maxBytes: 1e7, maxRows: 1e5 };
const bodyOf = (rows: readonly unknown[]) => Buffer.from(`{"Schema":[],"Results":${JSON.stringify(rows)}}`);

function createDecoder(more: (row: ServiceRow) => void = () => undefined) {
  const rows: ServiceRow[] = [];
  const sink = {
    schema: () => undefined,
    row: (row: ServiceRow) => {
      rows.push(row);
      more(row);
    },
  };
  return { ...createRowDecoder(LIMITS, sink), rows };
}

function decode(bytes: Buffer, size = bytes.length): readonly ServiceRow[] {
  const decoder = createDecoder();
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size));
  decoder.end();
  return decoder.rows;
}

/** How often JSON.parse was needed. */
function parsesOf(work: () => void): number {
  const parse = jest.spyOn(JSON, 'parse');
  try {
    work();
    return parse.mock.calls.length;
  } finally {
    parse.mockRestore();
  }
}

/** Rows of about a thousand bytes, all different. */
const thousands = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ n, text: `${n}`.padEnd(900 + (n % 90), 'x'), same: [1] }));

describe('a chunk that is larger than what the reader sees', () => {
  it('is read on from the row that its end cuts', () => {
    const rows = thousands(300);
    const body = bodyOf(rows);
    expect(body.length).toBeGreaterThan(4 * PIECE_SIZE);
    expect(decode(body)).toEqual(rows);
    // Two names of members, the schema, the first row, and at most one text where each of five ends cuts a row.
    expect(parsesOf(() => decode(body))).toBeLessThanOrEqual(4 + 5);
  });

  it('may hold rows that are too long for it or for what is remembered', () => {
    const lengths = [1, 16_000, 17_000, 10, 70_000, 5, 65_500, 65_519, 65_520, 65_521, 200_000, 3, 4];
    for (const more of [[], lengths]) {
      const rows = [...lengths, ...more].map((length, n) => ({ n, a: 'x'.repeat(length), b: 'y' }));
      for (const size of [undefined, 50_000]) expect(decode(bodyOf(rows), size)).toEqual(rows);
    }
  });

  it('may hold more ways of writing rows, and more members, than there is room for', () => {
    for (const members of [1024, 1025]) {
      const rows = Array.from({ length: 12 }, (_, n) =>
        Object.fromEntries(
          Array.from({ length: members }, (_, m) => [`m${m === 3 ? n % 6 : ''}_${m}`, m === 5 ? n : 1]),
        ),
      );
      expect(isDeepStrictEqual(decode(bodyOf(rows)), rows)).toBe(true);
    }
  });
});

describe('the one reader', () => {
  it('serves decoders that take turns, each with what it learnt', () => {
    const answers = [thousands(150), thousands(150).map(({ n, text }) => ({ other: text, n: 1000 - n }))];
    const bodies = answers.map(bodyOf);
    const decoders = answers.map(() => createDecoder());
    const parses = parsesOf(() => {
      for (let at = 0; at < 160_000; at += 30_000) {
        for (const [index, decoder] of decoders.entries())
          decoder.push(bodies[index]?.subarray(at, at + 30_000) ?? Buffer.alloc(0));
      }
    });
    expect(decoders.map(({ end }) => end().rows)).toEqual([150, 150]);
    expect(decoders.map(({ rows }) => rows)).toEqual(answers);
    // Two names, the schema and the first row of each; and of each the rows that the five ends of its pieces cut.
    expect(parses).toBeLessThanOrEqual(2 * (4 + 5));
  });

  it('is left alone by a decoder that is used by whoever is handed a row', () => {
    const inner = thousands(5);
    const seen: unknown[] = [];
    const outer = createDecoder(() => void seen.push(decode(bodyOf(inner))));
    const rows = thousands(9);
    outer.push(bodyOf(rows));
    outer.end();
    expect(outer.rows).toEqual(rows);
    expect(seen).toEqual(rows.map(() => inner));
  });

  it('is free again when whoever is handed a row throws, and keeps nothing of the chunk', () => {
    const decoder = createDecoder((row) => {
      if (row.n === 7) throw new Error('no more');
    });
    expect(() => decoder.push(bodyOf(thousands(9)))).toThrow('no more');
    expect(rowBench()).toMatchObject({ decoding: null, chunk: Buffer.alloc(0), values: [] });
    expect(decode(bodyOf(thousands(9)))).toEqual(thousands(9));
  });
});
