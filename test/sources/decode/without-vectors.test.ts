/** @jest-environment-options {"modules": "own"} */
import { afterAll, expect, it } from '@jest/globals';
import type { ServiceRow } from '../../../src/sources/decode/decode-state.ts';

const { WebAssembly } = globalThis as { WebAssembly?: unknown };
Object.assign(globalThis, { WebAssembly: undefined });
const { createRowDecoder, DECODE_LIMITS } = await import('../../../src/sources/decode-rows.ts');
const { rowBench } = await import('../../../src/sources/decode/row-bench.ts');

afterAll(() => void Object.assign(globalThis, { WebAssembly }));

it('a machine without WebAssembly or vectors decodes all the same', () => {
  const sent = Array.from({ length: 60 }, (_, n) => ({ a: `text ${n}`, b: n % 3, c: n % 2 ? { k: [n] } : null }));
  const body = Buffer.from(`{"Schema":[],"Results":${JSON.stringify(sent)}}`);
  for (const size of [7, 500, body.length]) {
    const rows: ServiceRow[] = [];
    const sink = { schema: () => undefined, row: (row: ServiceRow) => void rows.push(row) };
    const decoder = createRowDecoder({ ...DECODE_LIMITS, maxBytes: 1e6, maxRows: 100 }, sink);
    for (let at = 0; at < body.length; at += size) decoder.push(body.subarray(at, at + size));
    expect([decoder.end().rows, rows]).toEqual([60, sent]);
  }
  expect(rowBench()).toBeNull();
});
