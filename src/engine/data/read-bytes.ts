import { isUtf8 } from 'node:buffer';
import { createReadStream, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { HuntwireError } from '../../lib/errors.ts';
import type { DataFile, Packing } from './data-file.ts';
import { unpackZstd } from './unpack-zstd.ts';

/** What stays in the caches of a processor: larger pieces take four times as long to read. */
const PIECE = 131_072;
const PACKED_PIECE = 1 << 20;
/** So often others get a turn. */
const PIECES_IN_TURN = 16;

/** Rows of about so many bytes are handed on together. */
export const BATCH = 1 << 20;

export interface ByteOptions {
  readonly signal: AbortSignal;
  /** Bytes that are read at a time, where it is said. */
  readonly piece?: number;
  /** Told once where the file holds bytes that are no text; they are read as U+FFFD. */
  readonly onBroken?: () => void;
}

/**
 * A text file chunk by chunk, unpacked and in UTF-8 without a mark: UTF-16 is told by its mark, or by the zeros of its first letter. A chunk
 * may be written over once the one behind the next is asked for.
 */
export async function* readBytes(file: DataFile, options: ByteOptions): AsyncGenerator<Buffer> {
  try {
    yield* recoded(unpacked(file, options), options);
  } catch (cause) {
    if (cause instanceof HuntwireError || options.signal.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('CONFIG_INVALID', `${file.path} cannot be read: ${reason}.`, { cause });
  }
}

function unpacked({ path, packing }: DataFile, options: ByteOptions): AsyncIterable<Buffer> {
  const { signal, piece = PACKED_PIECE } = options;
  const raw = () => createReadStream(path, { highWaterMark: piece, signal });
  const unpack: Readonly<Record<Packing, () => AsyncIterable<Buffer>>> = {
    plain: () => plainPieces(path, options),
    // What fails on either side is thrown by the loop over the result.
    gzip: () => pipeline(raw(), createGunzip({ chunkSize: Math.max(64, piece) }), () => undefined),
    zstd: () => unpackZstd(raw()),
  };
  return unpack[packing]();
}

/** To hand over a small piece to another thread costs more than to read it. */
async function* plainPieces(path: string, { signal, piece = PIECE }: ByteOptions): AsyncGenerator<Buffer> {
  const handle = await open(path);
  try {
    const buffers = [Buffer.allocUnsafeSlow(piece), Buffer.allocUnsafeSlow(piece)];
    for (let count = 0; ; count += 1) {
      if (count % PIECES_IN_TURN === PIECES_IN_TURN - 1) await setImmediate();
      signal.throwIfAborted();
      const buffer = buffers[count % 2] as Buffer;
      const size = readSync(handle.fd, buffer, 0, piece, null);
      if (size === 0) return;
      yield buffer.subarray(0, size);
    }
  } finally {
    await handle.close();
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

async function* recoded(chunks: AsyncIterable<Buffer>, options: ByteOptions): AsyncGenerator<Buffer> {
  let encoding: Encoding | null = null;
  let head: Buffer = Buffer.alloc(0);
  let decoder = new TextDecoder();
  const check = utf8Check(options.onBroken);
  for await (const chunk of chunks) {
    const bytes: Buffer = encoding === null ? Buffer.concat([head, chunk]) : chunk;
    if (encoding === null && bytes.length < 4) {
      head = bytes;
      continue;
    }
    const begun: boolean = encoding !== null;
    encoding ??= encodingOf(bytes);
    if (!begun) decoder = new TextDecoder(encoding);
    if (encoding !== 'utf-8') yield Buffer.from(decoder.decode(bytes, { stream: true }));
    else yield check(begun ? bytes : withoutMark(bytes));
  }
  if (encoding === null) yield Buffer.from(new TextDecoder(encodingOf(head)).decode(head));
}

function encodingOf(bytes: Buffer): Encoding {
  const [first = 1, second = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : 'utf-8';
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Looks at every chunk, with what the one before left of a character that the edge cut. */
function utf8Check(onBroken: (() => void) | undefined): (bytes: Buffer) => Buffer {
  let left: Buffer = Buffer.alloc(0);
  let told = false;
  return (bytes) => {
    if (told || !onBroken) return bytes;
    const whole = left.length > 0 ? Buffer.concat([left, bytes]) : bytes;
    const end = whole.length - cutLength(whole);
    left = whole.subarray(end);
    if (!isUtf8(whole.subarray(0, end))) {
      told = true;
      onBroken();
    }
    return bytes;
  };
}

const LONGEST_CHARACTER = 4;

/** How many bytes at the end begin a character that is not complete. */
function cutLength(bytes: Buffer): number {
  for (let back = 1; back < LONGEST_CHARACTER; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const goesOn = byte >= 0x80 && byte < 0xc0;
    if (!goesOn) return back < characterLength(byte) ? back : 0;
  }
  return 0;
}

function characterLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
