import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { HuntwireError } from '../../lib/errors.ts';
import type { DataFile } from './data-file.ts';
import type { FileReading } from './file-reading.ts';
import { parquetType } from './parquet-type.ts';
import type { CellPlan, RawBatch } from './raw-columns.ts';

type ScanOptions = Parameters<typeof parquetScan>[0];

/** The wanted columns of a Parquet file, a batch for every group of its rows; of the others only the names are read. */
export async function* readParquet(
  file: DataFile,
  plan: CellPlan,
  reading: FileReading,
  signal: AbortSignal,
): AsyncGenerator<RawBatch> {
  try {
    yield* readGroups(file, plan, reading, signal);
  } catch (cause) {
    if (cause instanceof HuntwireError || signal.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('CONFIG_INVALID', `${file.path} cannot be read as Parquet: ${reason}.`, { cause });
  }
}

async function* readGroups(
  { path }: DataFile,
  plan: CellPlan,
  reading: FileReading,
  signal: AbortSignal,
): AsyncGenerator<RawBatch> {
  const buffer = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(buffer);
  const wanted = new Map<string, string>();
  for (const { element } of parquetSchema(metadata).children) {
    const column = plan.columnOf(element.name);
    if (column === null) continue;
    const type = parquetType(element);
    if (plan.learns(column)) reading.declared.set(element.name, type);
    if (plan.keeps(column) && ![...wanted.values()].includes(column)) wanted.set(element.name, column);
  }
  const scan = await parquetScan({
    file: buffer,
    metadata,
    columns: [...wanted.keys()],
    parsers: PARSERS,
    compressors: COMPRESSORS,
  });
  for (const range of scan.ranges) {
    signal.throwIfAborted();
    const rowCount = range.rowEnd - range.rowStart;
    const cells = new Map<string, readonly unknown[]>();
    for (const [name, column] of wanted)
      cells.set(column, plainList(await scan.readColumn({ column: name, ...range })));
    reading.rows += rowCount;
    yield { rowCount, cells };
  }
}

function plainList(values: ArrayLike<unknown>): readonly unknown[] {
  return Array.isArray(values) ? values : Array.from(values);
}

/** Snappy is the reader's own. */
const COMPRESSORS: NonNullable<ScanOptions['compressors']> = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
};

const TEXT = new TextDecoder();

/** The reader's own parsers give milliseconds. */
const PARSERS: NonNullable<ScanOptions['parsers']> = {
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

function isoOf(nanoseconds: bigint): string {
  const seconds = nanoseconds / 1_000_000_000n - (nanoseconds < 0n && nanoseconds % 1_000_000_000n !== 0n ? 1n : 0n);
  const rest = nanoseconds - seconds * 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${String(rest / 100n).padStart(7, '0')}Z`;
}
