/** Memory for some hundred messages. */
const PIECE_BYTES = 256 * 1024;
/** UTF-8 needs at most three bytes for a unit of a JavaScript string. */
const MAX_BYTES_PER_UNIT = 3;
/** What a piece may lose at its end, because the next frame may need so much. */
const LARGEST_SHARED_BYTES = PIECE_BYTES / 16;

/** What a frame is once it is written. */
export const WRITTEN: Buffer = Buffer.alloc(0);

let piece = WRITTEN;
let used = 0;

/**
 * A frame in UTF-8. Many share a piece of memory beside the heap: thousands wait for their turn, and as texts the collector would copy them
 * again and again. Long ones have memory of their own, and no more than they need. Must not be changed.
 */
export function frameBytes(frame: string): Buffer {
  const most = frame.length * MAX_BYTES_PER_UNIT;
  if (most > LARGEST_SHARED_BYTES) return Buffer.from(frame);
  if (piece.length - used < most) {
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    used = 0;
  }
  const begin = used;
  used += piece.write(frame, begin);
  return piece.subarray(begin, used);
}
