import { HuntwireError } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import { type AnswerForm, HUNTING_ANSWER } from './decode/answer-form.ts';
import { scanChunk } from './decode/decode-envelope.ts';
import {
  beginChunk,
  createDecoding,
  type DecodeLimits,
  endChunk,
  invalid,
  type RawSink,
} from './decode/decode-state.ts';

export interface DecodeEnd {
  readonly rows: number;
  /** As many rows as maxRows: there may be more. */
  readonly truncated: boolean;
  readonly bytes: number;
  /** Some bytes were no UTF-8 and became U+FFFD. */
  readonly mangled: boolean;
  /** Bytes that the query read, where the answer tells. */
  readonly scannedBytes?: number;
}

export interface RowDecoder {
  /** Takes the next piece of the body; false: maxRows rows have come and one more, the rest is not wanted. */
  push(chunk: Buffer): boolean;
  /** The body is over. Throws where it ended early or lacked a schema or results. */
  end(): DecodeEnd;
}

/** Limits that no legal answer meets (the API's own are 100,000 rows, 1 MB a cell, 10,000 columns). */
export const DECODE_LIMITS: Omit<DecodeLimits, 'maxBytes' | 'maxRows'> = {
  maxRowBytes: 16 * 1024 * 1024,
  maxDepth: 100,
  maxContainers: 250_000,
  maxColumns: 10_000,
  maxSchemaBytes: 4 * 1024 * 1024,
  maxHeldBytes: 32 * 1024 * 1024,
};

/**
 * Decodes the body of a query answer, `{"Schema": […], "Results": [{…}, …]}` or another form, with member names in any case, as it
 * arrives: rows are cut out and parsed one at a time, so that memory does not grow with the body. Other members are checked and dropped. Bytes that are no UTF-8 become U+FFFD, which its end tells.
 * Throws SOURCE_RESPONSE_INVALID for anything else, and SOURCE_RESULT_TOO_LARGE beyond maxBytes.
 */
export function createRowDecoder(limits: DecodeLimits, sink: RawSink, answer: AnswerForm = HUNTING_ANSWER): RowDecoder {
  const decoding = createDecoding(limits, sink, answer);
  return {
    push: (chunk) => {
      decoding.bytes += chunk.length;
      if (decoding.bytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
      beginChunk(decoding);
      scanChunk(decoding, chunk);
      if (!decoding.full) endChunk(decoding, chunk);
      return !decoding.full;
    },
    end: () => {
      if (!decoding.full && decoding.state !== 'end')
        throw invalid(`it ends early, after ${countOf(decoding.rows, 'row')}`);
      if (!decoding.full) answer.answerEnds(decoding.told);
      if (!decoding.hasSchema) throw invalid('it has no schema');
      if (!decoding.hasResults) throw invalid('it has no results');
      const scanned = answer.scanned?.(decoding.told) ?? null;
      return {
        ...(scanned !== null && { scannedBytes: scanned }),
        rows: decoding.rows,
        truncated: decoding.rows >= limits.maxRows,
        bytes: decoding.bytes,
        mangled: decoding.mangled,
      };
    },
  };
}

function tooLarge(maxBytes: number): HuntwireError {
  return new HuntwireError(
    'SOURCE_RESULT_TOO_LARGE',
    `The answer is larger than limits.maxBytes (${maxBytes}). Let the rule project fewer columns, summarize, or raise the limit.`,
  );
}
