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
/** Words told of a value that differs: the place of its spot in bytes, where its text ends, and whether some of it is no ASCII or the number. */
export const CHANGE = 4;

/** Bytes of a chunk that are looked at together. */
export const PIECE_SIZE = 65_520;
export const MOST_MEMBERS = 1024;

/** What lies where in the memory of row-reader.wat, and in which words of 4 bytes. */
export const GATHERED = 256;
export const TOLD_WORD = 4376 / 4;
export const CHANGES_WORD = 4384 / 4;
export const PATTERNS = 4384 + MOST_MEMBERS * CHANGE * 4;
export const PIECE = 4 * 65_536;
/** What is read 16 bytes at a time may be read beyond its end. */
export const PATTERNS_END = PIECE - 16;

/** Reads a row that is written like the one before, 16 bytes at a time, which JavaScript cannot: row-reader.wat. */
export interface RowReader {
  /** Its memory, in three forms. */
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** The end of the row at `start`; CUT or UNLIKE. Its changes and the spots at `next` are then told in the memory. */
  readRow(
    row: number,
    rowEnd: number,
    spots: number,
    spotsEnd: number,
    next: number,
    start: number,
    end: number,
  ): number;
}

/** Reads the value at `begin` that is no short text with simple escapes and no number of few digits, as that change: the address behind it, CUT or UNLIKE. */
type ReadOther = (begin: number, change: number) => number;

/** The part of WebAssembly that is used, which the types of Node.js do not know. */
interface Compiler {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

interface ReaderExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly readRow: RowReader['readRow'];
}

/** A reader; null where the processor or Node.js have no WebAssembly with vectors: all else works without it, only slower. */
export function startRowReader(readOther: ReadOther): RowReader | null {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly?: Compiler };
  if (!WebAssembly) return null;
  try {
    const module = new WebAssembly.Module(Buffer.from(ROW_READER_CODE, 'base64'));
    const { exports } = new WebAssembly.Instance(module, { row: { readOther } });
    const { memory, readRow } = exports as ReaderExports;
    const { buffer } = memory;
    return {
      bytes: Buffer.from(buffer),
      words: new Int32Array(buffer),
      doubles: new Float64Array(buffer),
      readRow,
    };
  } catch {
    return null;
  }
}
