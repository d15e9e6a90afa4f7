import { describe, expect, it } from '@jest/globals';
import type { ServiceRow } from '../../../src/sources/decode/decode-state.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';

const HEAD = '{"Schema":[{"Name":"a","Type":"String"}],"Results":[';
const TAIL = ']}';

/** What comes of bytes that arrive in chunks of this size. */
function decode(bytes: Buffer, size: number) {
  const rows: ServiceRow[] = [];
  const sink = { schema: () => undefined, row: (row: ServiceRow) => void rows.push(row) };
  const decoder = createRowDecoder({ ...DECODE_LIMITS, maxBytes: 1_000_000, maxRows: 1000 }, sink);
  for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size));
  return { rows, mangled: decoder.end().mangled };
}

const many = (cell: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(HEAD),
    ...Array.from({ length: 50 }, () => Buffer.from('{"a":"plain"},')),
    Buffer.from('{"a":"'),
    Buffer.from(cell),
    Buffer.from('"}'),
    Buffer.from(TAIL),
  ]);

describe('bytes that are no UTF-8', () => {
  it.each([1, 7, 64, 1_000_000])('are told and shown as U+FFFD, in chunks of %d', (size) => {
    const { rows, mangled } = decode(many(Buffer.from([0x61, 0xc3, 0x28, 0xff])), size);
    expect(mangled).toBe(true);
    expect(rows.at(-1)).toEqual({ a: 'a\ufffd(\ufffd' });
  });

  it.each([1, 7, 64, 1_000_000])(
    'are none of ours: characters that a chunk cuts in two are whole, in chunks of %d',
    (size) => {
      const { rows, mangled } = decode(many('äö漢👩‍👩‍👧'), size);
      expect(mangled).toBe(false);
      expect(rows.at(-1)).toEqual({ a: 'äö漢👩‍👩‍👧' });
    },
  );
});
