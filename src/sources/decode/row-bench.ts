import type { Decoding } from './decode-state.ts';
import { type ReadValue, readValue } from './read-value.ts';
import { PATTERNS, PATTERNS_END, PIECE, PIECE_SIZE, type RowReader, startRowReader, UNLIKE } from './row-reader.ts';

/**
 * Where a chunk and patterns lie before the row reader. There is one for all decoders, so that nothing stays on it from one chunk to the
 * next, not even what could keep a chunk in memory.
 */
export interface RowBench {
  readonly reader: RowReader;
  /** Whose rows are read; null: nobody's. */
  decoding: Decoding | null;
  chunk: Buffer;
  /** Which part of the chunk lies there. */
  from: number;
  to: number;
  /** To be added to an index of the chunk to get its address. */
  offset: number;
  /** Values that the reader did not read itself, each at the number of its change. */
  readonly values: unknown[];
}

const NO_BYTES = Buffer.alloc(0);
let known: RowBench | null | undefined;

/** The bench; null where there is no reader. */
export function rowBench(): RowBench | null {
  if (known === undefined) known = createBench();
  return known;
}

function createBench(): RowBench | null {
  const reader = startRowReader((begin, change) => (known ? readOther(known, begin, change) : UNLIKE));
  if (reader === null) return null;
  return { reader, decoding: null, chunk: NO_BYTES, from: 0, to: 0, offset: 0, values: [] };
}

const read: ReadValue = { value: null };

function readOther(bench: RowBench, begin: number, change: number): number {
  const { decoding, chunk, offset, values } = bench;
  if (decoding === null) return UNLIKE;
  const end = readValue(decoding, chunk, begin - offset, read);
  if (end < 0) return end;
  values[change] = read.value;
  return end + offset;
}

/** Takes the bench for the rows of a chunk from an index on, with what was learnt of rows before. */
export function takeBench(bench: RowBench, decoding: Decoding, chunk: Buffer, from: number): void {
  bench.decoding = decoding;
  bench.chunk = chunk;
  layOut(bench, decoding, from);
}

/** Goes on from a later index of the same chunk. */
export function moveBench(bench: RowBench, decoding: Decoding, from: number): void {
  takeUp(bench, decoding);
  layOut(bench, decoding, from);
}

export function leaveBench(bench: RowBench, decoding: Decoding): void {
  takeUp(bench, decoding);
  bench.decoding = null;
  bench.chunk = NO_BYTES;
  bench.values.length = 0;
}

/** As much of the chunk as there is room for. Patterns without room are forgotten. */
function layOut(bench: RowBench, decoding: Decoding, from: number): void {
  const { reader, chunk } = bench;
  bench.from = from;
  bench.to = from + chunk.copy(reader.bytes, PIECE, from, from + PIECE_SIZE);
  bench.offset = PIECE - from;
  let free = PATTERNS;
  decoding.patterns = decoding.patterns.filter((pattern) => {
    const { spots, row } = pattern;
    pattern.spotsAt = free;
    pattern.nextAt = pattern.spotsAt + spots.byteLength;
    pattern.at = pattern.nextAt + spots.byteLength;
    pattern.end = pattern.at + row.length;
    if (pattern.end > PATTERNS_END) return false;
    reader.words.set(spots, free / 4);
    reader.bytes.set(row, pattern.at);
    free = Math.ceil(pattern.end / 4) * 4;
    return true;
  });
}

/** Takes from the reader's memory what the patterns need. */
function takeUp({ reader, chunk, offset }: RowBench, decoding: Decoding): void {
  for (const pattern of decoding.patterns) {
    if (pattern.at < PIECE) continue;
    const { spotsAt, at, end, spots } = pattern;
    pattern.row = chunk.subarray(at - offset, end - offset);
    spots.set(reader.words.subarray(spotsAt / 4, spotsAt / 4 + spots.length));
  }
}
