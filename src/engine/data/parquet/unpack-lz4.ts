/** The LZ4 block of so many bytes unpacked. Throws RangeError where it is none. */
export function unpackLz4(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size);
  let [at, to] = [0, 0];
  while (at < input.length) {
    const token = byteAt(input, at);
    const literals = lengthAt(input, at + 1, token >> 4);
    const copied = literals.end + literals.length;
    if (copied > input.length || to + literals.length > size) throw new RangeError('a text goes beyond the block');
    output.set(input.subarray(literals.end, copied), to);
    to += literals.length;
    if (copied === input.length) break;
    const back = byteAt(input, copied) | (byteAt(input, copied + 1) << 8);
    const match = lengthAt(input, copied + 2, token & 15);
    const count = match.length + SHORTEST_MATCH;
    if (back === 0 || back > to || to + count > size) throw new RangeError('a repeat goes beyond the block');
    // What it repeats may be what it has just written.
    for (let index = 0; index < count; index += 1) output[to + index] = output[to + index - back] as number;
    to += count;
    at = match.end;
  }
  if (to !== size) throw new RangeError(`a block has ${to} bytes instead of ${size}`);
  return output;
}

/** Blocks with their two sizes before each, as Hadoop writes them; else one block. */
export function unpackHadoopLz4(input: Uint8Array, size: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const pieces: Uint8Array[] = [];
  let [at, made] = [0, 0];
  while (at + 8 <= input.length) {
    const [unpackedSize, packedSize] = [view.getUint32(at), view.getUint32(at + 4)];
    const end = at + 8 + packedSize;
    if (end > input.length || made + unpackedSize > size) return unpackLz4(input, size);
    pieces.push(unpackLz4(input.subarray(at + 8, end), unpackedSize));
    made += unpackedSize;
    at = end;
  }
  return at === input.length && made === size ? Buffer.concat(pieces) : unpackLz4(input, size);
}

const SHORTEST_MATCH = 4;
/** A length of four bits that goes on in the bytes behind; so does each of these that is the greatest. */
const GOES_ON = 15;

interface Length {
  readonly length: number;
  readonly end: number;
}

function lengthAt(input: Uint8Array, start: number, first: number): Length {
  let [length, at] = [first, start];
  if (first < GOES_ON) return { length, end: at };
  for (;;) {
    const byte = byteAt(input, at);
    length += byte;
    at += 1;
    if (byte < 255) return { length, end: at };
  }
}

function byteAt(input: Uint8Array, at: number): number {
  const byte = input[at];
  if (byte === undefined) throw new RangeError('a block ends too early');
  return byte;
}
