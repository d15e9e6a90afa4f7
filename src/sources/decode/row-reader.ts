import { startWasm, type WasmMemory } from '../../lib/wasm/start-wasm.ts';
import { ROW_READER_CODE } from './row-reader-code.ts';

/** In the place of an index or address: the bytes end before the end is known. */
export const CUT = -1;
/** In the place of an index or address: it is not like the row before. */
export const UNLIKE = -2;

/** In the place of where a text ends: it is an integer of 32 bits, or a double. */
export const INTEGER = -2;
export const DOUBLE = -3;

/** Numbers kept of a value: where it begins, the place behind it, and 1 where that is not known without what stands behind it. */
export const SPOT = 3;
/**
 * Words told of a value that differs: the number of its spot; where its text ends, or what else it is; then of a text where it ends in units
 * of 16 bits, and whether some of it is no ASCII, else the number.
 */
export const CHANGE = 4;

/** Bytes of a chunk that are looked at together. */
export const PIECE_SIZE = 65_520;
export const MOST_MEMBERS = 1024;
/** Rows that are read at once. */
export const MOST_ROWS = 64;

/** What lies where in the memory of row-reader.wat, and in which words of 4 bytes. */
export const GATHERED = 256;
/** How many rows were read, where their text ends, why no more (CUT, UNLIKE or 0), where the last of them begins. */
export const TOLD_WORD = 4368 / 4;
/** Of each row where its changes end. */
export const ROWS_WORD = TOLD_WORD + 4;
export const CHANGES_WORD = ROWS_WORD + MOST_ROWS;
export const PATTERNS = (CHANGES_WORD + MOST_MEMBERS * CHANGE) * 4;
export const PIECE = 4 * 65_536;
/** What is read 16 bytes at a time may be read beyond its end. */
export const PATTERNS_END = PIECE - 16;

/** Reads rows that are written like the one before, 16 bytes at a time, which JavaScript cannot: row-reader.wat. */
export interface RowReader {
  /** Its memory, in three forms. */
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /**
   * The end of the last of the rows from `start` on, `most` at most and none longer than `longest`; CUT or UNLIKE where the first is none
   * of them. Their changes are then told in the memory, and the spots of the last lie at `next` where they are an odd number, else at `spots`.
   */
  readRows(
    row: number,
    rowEnd: number,
    spots: number,
    spotsEnd: number,
    next: number,
    start: number,
    end: number,
    most: number,
    longest: number,
  ): number;
}

/** Reads the value at `begin` that is no short text with simple escapes and no number of few digits, as that change: the address behind it, CUT or UNLIKE. */
type ReadOther = (begin: number, change: number) => number;

interface ReaderExports extends WasmMemory {
  readonly readRows: RowReader['readRows'];
}

/** A reader; null where the processor or Node.js have no WebAssembly with vectors: all else works without it, only slower. */
export function startRowReader(readOther: ReadOther): RowReader | null {
  const exports = startWasm<ReaderExports>(ROW_READER_CODE, { row: { readOther } });
  if (!exports) return null;
  const { memory, readRows } = exports;
  const { buffer } = memory;
  return {
    bytes: Buffer.from(buffer),
    words: new Int32Array(buffer),
    doubles: new Float64Array(buffer),
    readRows,
  };
}
