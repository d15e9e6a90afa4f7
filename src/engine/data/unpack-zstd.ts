import { Decompress } from 'fzstd';

/** Small pieces: each may unpack to many times its size, and all of that is held at once. */
const PIECE = 1 << 15;

export async function* unpackZstd(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let made: Uint8Array[] = [];
  const stream = new Decompress((data) => made.push(data));
  const drain = (): readonly Uint8Array[] => {
    const taken = made;
    made = [];
    return taken;
  };
  for await (const chunk of packed) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      stream.push(chunk.subarray(at, at + PIECE));
      for (const data of drain()) yield Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    }
  }
  stream.push(new Uint8Array(0), true);
  for (const data of drain()) yield Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
