import { describe, expect, it, jest } from '@jest/globals';
import type { DecodeLimits, ServiceRow } from '../../../src/sources/decode/decode-state.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';

const LIMITS: DecodeLimits = { ...DECODE_LIMITS, maxBytes: 10_000_000, maxRows: 100_000 };
/** Rows that have a name twice have no pattern, and are guessed from then on. */
const HEAD = '{"Schema":[{"Name":"a","Type":"String"}],"Results":[{"a":1,"a":2},';
/** Two names, the schema and that row. */
const HEAD_PARSES = 4;

/** How often a body is parsed, which is what decoding costs. */
function parsesOf(chunks: readonly string[], limits: Partial<DecodeLimits> = {}) {
  const rows: ServiceRow[] = [];
  const sink = { schema: () => undefined, row: (row: ServiceRow) => void rows.push(row) };
  const maxRows = (limits.maxRows ?? LIMITS.maxRows) + 1;
  const decoder = createRowDecoder({ ...LIMITS, ...limits, maxRows }, sink);
  const parse = jest.spyOn(JSON, 'parse');
  try {
    for (const chunk of chunks) if (!decoder.push(Buffer.from(chunk))) break;
    return { parses: parse.mock.calls.length - HEAD_PARSES, rows: rows.slice(1), end: decoder.end() };
  } finally {
    parse.mockRestore();
  }
}

/** Rows of `size` bytes each, the comma behind it counted. */
function rowsOf(count: number, size: number, row = (text: string) => `{"a":"${text}"}`): string {
  const filled = Buffer.byteLength(row('')) + 1;
  return Array.from({ length: count }, () => row('x'.repeat(size - filled))).join(',');
}

const whole = (rows: string) => [`${HEAD}${rows}]}`];

describe('rows of one chunk', () => {
  it('are parsed many at a time, the last by itself', () => {
    const { parses, rows } = parsesOf(whole(rowsOf(100, 100)));
    expect([parses, rows.length]).toEqual([2, 100]);
  });

  it('are parsed in pieces of 128 kB', () => {
    // 127 rows of 1 kB and the beginning of the next fit: 8 pieces for 999 rows, and the last.
    expect(parsesOf(whole(rowsOf(1000, 1024))).parses).toBe(9);
    expect(parsesOf(whole(rowsOf(1000, 1024, (text) => `{"a":"é${text}"}`))).parses).toBe(9);
  });

  it('with integers beyond 2^53 cost one parse more, once', () => {
    const long = (text: string) => `{"a":12345678901234567890,"b":"${text}"}`;
    const { parses, rows } = parsesOf(whole(rowsOf(1000, 1024, long)));
    expect([parses, rows.length, rows.at(500)?.a]).toEqual([10, 1000, '12345678901234567890']);
  });

  it('may nest as deep as is allowed', () => {
    const nested = (depth: number) => (text: string) =>
      `{"a":${'['.repeat(depth)}1,null${']'.repeat(depth)},"b":"${text}"}`;
    expect(parsesOf(whole(rowsOf(50, 100, nested(2))), { maxDepth: 3 }).parses).toBe(2);
    expect(() => parsesOf(whole(rowsOf(50, 100, nested(3))), { maxDepth: 3 })).toThrow('nested deeper');
  });

  it('may have reals, nulls and lists of objects', () => {
    const mixed = (text: string) => `{"a":1.5,"b":null,"c":[{"d":true}],"e":"${text}"}`;
    expect(parsesOf(whole(rowsOf(50, 100, mixed))).parses).toBe(2);
  });

  it.each([
    [197, 2],
    [198, 50],
  ])('that begin with a name of %d characters are parsed %d times', (length, parses) => {
    const named = (text: string) => `{"${'n'.repeat(length)}":"${text}"}`;
    expect(parsesOf(whole(rowsOf(50, 400, named))).parses).toBe(parses);
  });

  it('are parsed one by one from a wrong guess on', () => {
    const trap = '{"a":[{"a":1},{"a":2}]}';
    // What ends inside the trap is no list of rows.
    const { parses, rows } = parsesOf(whole(`${rowsOf(10, 100)},${trap}`));
    expect([parses, rows.length]).toEqual([1 + 11, 11]);
  });

  it('end at the limit of rows, however many are parsed at a time', () => {
    const { rows, end } = parsesOf(whole(rowsOf(100, 100)), { maxRows: 40 });
    expect([rows.length, end.truncated]).toEqual([40, true]);
  });
});

describe('rows beyond the limit', () => {
  it('end the reading with the chunk that brings them, and no byte of the next is looked at', () => {
    const sink = { schema: () => undefined, row: () => undefined };
    for (const maxRows of [40, 99, 100]) {
      const decoder = createRowDecoder({ ...LIMITS, maxRows: maxRows + 1 }, sink);
      expect(decoder.push(Buffer.from(`${HEAD}${rowsOf(100, 100)},{"a":"`))).toBe(maxRows === 100);
      expect(maxRows === 100 || decoder.end().rows).toBe(maxRows === 100 || maxRows + 1);
    }
  });
});

describe('a large row', () => {
  const rest = rowsOf(50, 100);

  it.each([
    [16_383, 2],
    [16_384, 51],
  ])('of which a chunk ends with %d bytes leaves %d parses for it and the rows behind it', (bytes, parses) => {
    const large = `{"a":"${'x'.repeat(50_000)}"}`;
    const chunks = [`${HEAD}${large.slice(0, bytes)}`, `${large.slice(bytes)},${rest}]}`];
    const found = parsesOf(chunks);
    expect(found.rows).toHaveLength(51);
    expect(found.parses).toBe(parses + 1 - (bytes < 16_384 ? 0 : 1));
  });
});
