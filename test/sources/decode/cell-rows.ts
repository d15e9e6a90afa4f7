import type { AnswerForm } from '../../../src/sources/decode/answer-form.ts';
import { createRowNormalizer, type RowNormalizer } from '../../../src/sources/decode/normalize-row.ts';
import { createRowDecoder, DECODE_LIMITS } from '../../../src/sources/decode-rows.ts';

export interface DecodedAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Record<string, unknown>[];
  readonly end: { readonly rows: number; readonly truncated: boolean };
}

/** What comes of an error that an answer tells beside or among its rows. */
export const refuseWith = (error: unknown): Error => new Error(`refused ${JSON.stringify(error)}`);

/** Decodes and normalizes a body that comes in pieces of `size` bytes. */
export function decodeAs(form: AnswerForm, body: string, size = 64 * 1024, maxRows = 1000): DecodedAnswer {
  let normalizer: RowNormalizer = createRowNormalizer([]);
  const rows: Record<string, unknown>[] = [];
  const limits = { ...DECODE_LIMITS, maxBytes: 10_000_000, maxRows };
  const sink = {
    schema: (columns: Parameters<typeof createRowNormalizer>[0]) => {
      normalizer = createRowNormalizer(columns);
    },
    form: () => normalizer,
    row: (row: Record<string, unknown>) => rows.push(row),
  };
  const decoder = createRowDecoder(limits, sink, form);
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += size) if (!decoder.push(bytes.subarray(at, at + size))) break;
  const end = decoder.end();
  return { columns: normalizer.columns, rows, end };
}
