import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { parquetMetadataAsync, parquetScan, parquetSchema, snappyUncompress } from 'hyparquet';
import { HuntwireError } from '../../../lib/errors.ts';
import { type CodedCells, plainCells } from '../coded-cells.ts';
import type { DataFile } from '../data-file.ts';
import type { FileReading } from '../file-reading.ts';
import type { CellPlan, RawBatch } from '../raw-columns.ts';
import { readCodedChunk } from './coded-chunk.ts';
import { type FileBytes, openBytes } from './file-bytes.ts';
import { parquetType } from './parquet-type.ts';

type ScanOptions = Parameters<typeof parquetScan>[0];
type FileMetaData = Awaited<ReturnType<typeof parquetMetadataAsync>>;
type Element = ReturnType<typeof parquetSchema>['element'];

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

/** Most footers are smaller; a larger one takes a second look. */
const FOOTER_GUESS = 65_536;

async function* readGroups(
  { path }: DataFile,
  plan: CellPlan,
  reading: FileReading,
  signal: AbortSignal,
): AsyncGenerator<RawBatch> {
  const file = await openBytes(path);
  try {
    const metadata = await parquetMetadataAsync(file, { initialFetchSize: FOOTER_GUESS });
    const wanted = wantedColumns(metadata, plan, reading);
    const columns = wanted.map(({ element }) => element.name);
    let scan: Awaited<ReturnType<typeof parquetScan>> | null = null;
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      signal.throwIfAborted();
      const rowCount = Number(group.num_rows);
      const range = { rowStart, rowEnd: rowStart + rowCount };
      const batch = { rowCount, cells: new Map<string, readonly unknown[]>(), coded: new Map<string, CodedCells>() };
      for (const { element, column } of rowCount > 0 ? wanted : []) {
        const coded = await codedColumn(file, group, element, rowCount);
        if (coded && plan.takesCodes) batch.coded.set(column, coded);
        else if (coded) batch.cells.set(column, plainCells(coded));
        else {
          scan ??= await parquetScan({ file, metadata, columns, parsers: PARSERS, compressors: COMPRESSORS });
          batch.cells.set(column, plainList(await scan.readColumn({ column: element.name, ...range })));
        }
      }
      rowStart += rowCount;
      reading.rows += rowCount;
      yield batch;
    }
  } finally {
    await file.close();
  }
}

interface WantedColumn {
  readonly element: Element;
  readonly column: string;
}

function wantedColumns(metadata: FileMetaData, plan: CellPlan, reading: FileReading): readonly WantedColumn[] {
  const wanted = new Map<string, WantedColumn>();
  for (const { element } of parquetSchema(metadata).children) {
    const column = plan.columnOf(element.name);
    if (column === null) continue;
    const type = parquetType(element);
    if (plan.learns(column)) reading.declared.set(element.name, type);
    if (plan.keeps(column) && !wanted.has(column)) wanted.set(column, { element, column });
  }
  return [...wanted.values()];
}

/** The column's texts as the codes that the file has for them; null where it has none. */
async function codedColumn(
  file: FileBytes,
  group: FileMetaData['row_groups'][number],
  element: Element,
  rowCount: number,
): Promise<CodedCells | null> {
  const chunk = isText(element) ? group.columns.find(({ meta_data: data }) => isOf(data, element.name)) : undefined;
  const data = chunk?.meta_data;
  if (!data?.dictionary_page_offset || chunk?.file_path) return null;
  const start = Number(data.dictionary_page_offset);
  const bytes = new Uint8Array(await file.slice(start, start + Number(data.total_compressed_size)));
  const nullable = element.repetition_type === 'OPTIONAL';
  return readCodedChunk(bytes, { rowCount, nullable, unpack: (page, size) => unpacked(data.codec, page, size) });
}

function isOf(data: { readonly path_in_schema: readonly string[] } | undefined, name: string): boolean {
  return data?.path_in_schema.length === 1 && data.path_in_schema[0] === name;
}

/** Bytes that the reader takes for text, and nothing nested. */
function isText({
  type,
  repetition_type: repetition,
  converted_type: converted,
  logical_type: logical,
}: Element): boolean {
  const plain = converted === undefined ? logical === undefined || logical.type === 'STRING' : converted === 'UTF8';
  return type === 'BYTE_ARRAY' && repetition !== 'REPEATED' && plain;
}

function unpacked(codec: string, page: Uint8Array, size: number): Uint8Array | null {
  if (codec === 'UNCOMPRESSED') return page;
  if (codec === 'SNAPPY') {
    const output = new Uint8Array(size);
    snappyUncompress(page, output);
    return output;
  }
  return Object.entries(COMPRESSORS).find(([name]) => name === codec)?.[1]?.(page, size) ?? null;
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
