import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { RawRow } from './row-table.ts';

type Parsers = NonNullable<Parameters<typeof parquetReadObjects>[0]['parsers']>;

/** Names of the columns in a Parquet file, from its footer. */
export async function parquetColumns(path: string): Promise<readonly string[]> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
  return parquetSchema(metadata).children.map((child) => child.element.name);
}

/** The rows of a Parquet file, with the wanted columns only; null: all. Times keep 100 ns, as ISO text. */
export async function readParquet(path: string, columns: readonly string[] | null): Promise<readonly RawRow[]> {
  const file = await asyncBufferFromFile(path);
  return parquetReadObjects({ file, parsers: PARSERS, ...(columns && { columns: [...columns] }) });
}

/** The reader's own parsers give milliseconds. */
const PARSERS: Parsers = {
  timestampFromMilliseconds: (value) => isoOf(value * 1_000_000n),
  timestampFromMicroseconds: (value) => isoOf(value * 1000n),
  timestampFromNanoseconds: isoOf,
  dateFromDays: (days) => isoOf(BigInt(days) * 86_400_000_000_000n),
  stringFromBytes: (bytes) => new TextDecoder().decode(bytes),
  jsonFromBytes: (bytes) => new TextDecoder().decode(bytes),
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
