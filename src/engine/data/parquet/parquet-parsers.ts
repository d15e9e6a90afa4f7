import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { type parquetScan, snappyUncompress } from 'hyparquet';

type ScanOptions = Parameters<typeof parquetScan>[0];

/** A page without its packing; null where that is not known. */
export function unpacked(codec: string, page: Uint8Array, size: number): Uint8Array | null {
  if (codec === 'UNCOMPRESSED') return page;
  if (codec === 'SNAPPY') {
    const output = new Uint8Array(size);
    snappyUncompress(page, output);
    return output;
  }
  return Object.entries(COMPRESSORS).find(([name]) => name === codec)?.[1]?.(page, size) ?? null;
}

/** Snappy is the reader's own. */
export const COMPRESSORS: NonNullable<ScanOptions['compressors']> = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
};

const TEXT = new TextDecoder();

/** The reader's own parsers give milliseconds. */
export const CELL_PARSERS: NonNullable<ScanOptions['parsers']> = {
  timestampFromMilliseconds: (value) => isoOf(value * 1_000_000n),
  timestampFromMicroseconds: (value) => isoOf(value * 1000n),
  timestampFromNanoseconds: isoOf,
  dateFromDays: (days) => isoOf(BigInt(days) * 86_400_000_000_000n),
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
  timestampFromMilliseconds: (value) => isoOrNull(value * 1_000_000n),
  timestampFromMicroseconds: (value) => isoOrNull(value * 1000n),
  timestampFromNanoseconds: isoOrNull,
  dateFromDays: (days) => isoOrNull(BigInt(days) * 86_400_000_000_000n),
};

function isoOrNull(nanoseconds: bigint): string | null {
  try {
    return isoOf(nanoseconds);
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

function isoOf(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n - (nanoseconds < 0n && nanoseconds % 1_000_000_000n !== 0n ? 1n : 0n);
  const rest = nanoseconds - seconds * 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${String(rest / 100n).padStart(7, '0')}Z`;
}
