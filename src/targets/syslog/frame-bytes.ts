/** Memory for some hundred messages. */
const PIECE_BYTES = 256 * 1024;
/** UTF-8 needs at most three bytes for a unit of a JavaScript string. */
const MAX_BYTES_PER_UNIT = 3;

/** What a frame is once it is written. */
export const WRITTEN: Buffer = Buffer.alloc(0);

let piece = WRITTEN;
let used = 0;

/**
 * A frame in UTF-8. Many share a piece of memory beside the heap: thousands wait for their turn, and as texts the collector would copy them
 * again and again. Must not be changed.
 */
export function frameBytes(frame: string): Buffer {
  const most = frame.length * MAX_BYTES_PER_UNIT;
  if (most > PIECE_BYTES) return Buffer.from(frame);
  if (piece.length - used < most) {
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    used = 0;
  }
  const begin = used;
  used += piece.write(frame, begin);
  return piece.subarray(begin, used);
}
