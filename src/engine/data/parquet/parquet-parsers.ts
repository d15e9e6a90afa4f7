import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { type parquetScan, snappyUncompress } from 'hyparquet';
import { isoOfUnix } from './iso-of-unix.ts';
import { unpackHadoopLz4, unpackLz4 } from './unpack-lz4.ts';

type ScanOptions = Parameters<typeof parquetScan>[0];

/** A larger page is no page of a table: nothing is unpacked for it. */
const MOST_UNPACKED = 1 << 29;
/** So many bytes at most are made of one. */
const [SNAPPY_GAIN, LZ4_GAIN] = [32, 256];

type Compressors = NonNullable<ScanOptions['compressors']>;
type Unpacker = NonNullable<Compressors[keyof Compressors]>;

/** Sizes are what a file says: looked at before anything is made of them. */
function limited(unpack: Unpacker, gain = Number.POSITIVE_INFINITY): Unpacker {
  return (input, length) => {
    if (length > MOST_UNPACKED || length > (input.length + 1) * gain)
      throw new RangeError(`a page of ${input.length} bytes is said to have ${length} unpacked`);
    return unpack(input, length);
  };
}

function unpackSnappy(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length);
  snappyUncompress(input, output);
  return output;
}

export const COMPRESSORS: Compressors = {
  SNAPPY: limited(unpackSnappy, SNAPPY_GAIN),
  GZIP: limited((input, length) => gunzipSync(input, { maxOutputLength: length + 1 })),
  BROTLI: limited((input, length) => brotliDecompressSync(input, { maxOutputLength: length + 1 })),
  LZ4_RAW: limited(unpackLz4, LZ4_GAIN),
  LZ4: limited(unpackHadoopLz4, LZ4_GAIN),
  ZSTD: limited((input, length) => decompress(input, new Uint8Array(length))),
};

/** A page without its packing; null where that is not known. */
export function unpacked(codec: string, page: Uint8Array, size: number): Uint8Array | null {
  if (codec === 'UNCOMPRESSED') return page;
  return Object.entries(COMPRESSORS).find(([name]) => name === codec)?.[1]?.(page, size) ?? null;
}

const TEXT = new TextDecoder();
/** Of which so many are a second. */
const [MILLI, MICRO, NANO] = [1000, 1_000_000, 1_000_000_000];

/** The reader's own parsers give milliseconds. */
export const CELL_PARSERS: NonNullable<ScanOptions['parsers']> = {
  timestampFromMilliseconds: (value) => isoOfUnix(value, MILLI),
  timestampFromMicroseconds: (value) => isoOfUnix(value, MICRO),
  timestampFromNanoseconds: (value) => isoOfUnix(value, NANO),
  dateFromDays: (days) => isoOfUnix(BigInt(days) * 86_400n, 1),
  stringFromBytes: (bytes) => TEXT.decode(bytes),
  jsonFromBytes: (bytes) => TEXT.decode(bytes),
  geometryFromBytes: () => null,
  geographyFromBytes: () => null,
  uuidFromBytes: (bytes) =>
    Buffer.from(bytes)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
};

/** Of statistics: a time that no calendar has tells nothing, where one among the cells is an error. */
export const STATISTICS_PARSERS: NonNullable<ScanOptions['parsers']> = {
  ...CELL_PARSERS,
  timestampFromMilliseconds: (value) => isoOrNull(value, MILLI),
  timestampFromMicroseconds: (value) => isoOrNull(value, MICRO),
  timestampFromNanoseconds: (value) => isoOrNull(value, NANO),
  dateFromDays: (days) => isoOrNull(BigInt(days) * 86_400n, 1),
};

function isoOrNull(count: bigint, perSecond: number): string | null {
  try {
    return isoOfUnix(count, perSecond);
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}
