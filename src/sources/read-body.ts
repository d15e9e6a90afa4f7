import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../lib/clock.ts';
import { atLeastRate } from '../lib/least-rate.ts';
import type { AnswerForm } from './decode/answer-form.ts';
import { invalid } from './decode/decode-state.ts';
import { createRowNormalizer, type RowNormalizer } from './decode/normalize-row.ts';
import { createRowDecoder, DECODE_LIMITS, type DecodeEnd } from './decode-rows.ts';
import type { Row, RowSink } from './source.ts';

const GUNZIP_CHUNK = 64 * 1024;
const MAX_ERROR_BODY = 64 * 1024;

export interface BodyLimits {
  readonly maxBytes: number;
  readonly maxRows: number;
}

/** The body's plain bytes; limits on size apply to these, so that a small compressed body cannot grow without end. */
export function plainBody(body: Readable, encoding: string): Readable {
  if (encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    // Destroying an unread body emits an error that nobody else waits for.
    body.on('error', () => undefined).destroy();
    throw invalid(`it is encoded as ${encoding.slice(0, 40)}, which was not asked for`);
  }
  const plain = createGunzip({ chunkSize: GUNZIP_CHUNK });
  // An error of either side destroys both; whoever reads the plain side sees it.
  pipeline(body, plain, () => undefined);
  return plain;
}

/** Where rows go that are read, and by which form of answer and clock. */
export interface DecodePlace {
  readonly sink: RowSink;
  readonly form: AnswerForm;
  readonly clock: Clock;
}

/** Decodes and normalizes the rows of a 200 answer into the sink as they arrive. A body that trickles fails (least-rate.ts). */
export async function readRows(
  body: Readable,
  limits: BodyLimits,
  { sink, form, clock }: DecodePlace,
): Promise<DecodeEnd> {
  let normalizer: RowNormalizer = createRowNormalizer([]);
  const decoder = createRowDecoder(
    { ...DECODE_LIMITS, ...limits },
    {
      schema: (columns) => {
        normalizer = createRowNormalizer(columns);
        sink.schema(normalizer.columns);
      },
      form: () => normalizer,
      row: (row) => sink.row(row as Row),
    },
    form,
  );
  for await (const chunk of atLeastRate(body, clock)) {
    if (!decoder.push(chunk)) break;
  }
  return decoder.end();
}

/** The beginning of an error body as text. */
export async function readErrorBody(body: Readable, clock: Clock): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of atLeastRate(body, clock)) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= MAX_ERROR_BODY) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, MAX_ERROR_BODY);
}
