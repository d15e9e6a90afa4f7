import { startWasm, type WasmMemory } from '../../lib/wasm/start-wasm.ts';
import { QUICK_CODES_CODE } from './quick-codes-code.ts';

/** What lies where in the memory of quick-codes.wat: bytes of a page, or what is kept of the values; codes; rows. */
const BYTES = 0;
const MOST_BYTES = 1_048_576;
const CODES = MOST_BYTES + 65_536;
const MOST_CODES = 1_048_576;
/** Rows that are filtered at once: these stay in the caches of a processor. */
const BLOCK = 65_536;
const ROWS = CODES + BLOCK * 4;
/** Fewer numbers are not worth the copying. */
const FEW = 1024;

interface Exports extends WasmMemory {
  unpackHybrid(at: number, end: number, width: number, into: number, count: number): number;
  keptRows(codes: number, end: number, keeps: number, into: number, row: number): number;
}

interface Machine extends Exports {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** One for all of a thread: nothing stays in its memory. */
let machine: Machine | null | undefined;

function theMachine(): Machine | null {
  if (machine === undefined) {
    const exports = startWasm<Exports>(QUICK_CODES_CODE);
    const buffer = exports?.memory.buffer;
    machine = exports && buffer ? { ...exports, bytes: new Uint8Array(buffer), words: new Int32Array(buffer) } : null;
  }
  return machine;
}

/**
 * Reads Parquet's hybrid of runs and packed bits, which are `bytes`, into all of `into`; gives the greatest of the numbers, -1 where the bytes end
 * first, null where they are few or too many, or there is no WebAssembly.
 * @param width bits of one number, 1 to 24
 */
export function quickUnpack(bytes: Uint8Array, width: number, into: Int32Array): number | null {
  if (into.length < FEW || into.length > MOST_CODES || bytes.length > MOST_BYTES) return null;
  const quick = theMachine();
  if (!quick) return null;
  quick.bytes.set(bytes, BYTES);
  const greatest = quick.unpackHybrid(BYTES, BYTES + bytes.length, width, CODES, into.length);
  if (greatest >= 0) into.set(quick.words.subarray(CODES / 4, CODES / 4 + into.length));
  return greatest;
}

/** The rows whose code has a 1 in `keeps`; null where they are few, their values too many, or there is no WebAssembly. */
export function quickRows(codes: Int32Array, keeps: Uint8Array): Int32Array | null {
  const quick = codes.length < FEW || keeps.length > MOST_BYTES ? null : theMachine();
  if (!quick) return null;
  quick.bytes.set(keeps, BYTES);
  const pieces: Int32Array[] = [];
  for (let row = 0; row < codes.length; row += BLOCK) {
    const block = codes.subarray(row, row + BLOCK);
    quick.words.set(block, CODES / 4);
    const count = quick.keptRows(CODES, CODES + block.length * 4, BYTES, ROWS, row);
    pieces.push(quick.words.slice(ROWS / 4, ROWS / 4 + count));
  }
  return joined(pieces);
}

function joined(pieces: readonly Int32Array[]): Int32Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const all = new Int32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
