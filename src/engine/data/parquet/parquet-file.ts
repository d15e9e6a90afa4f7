import { parquetMetadataAsync } from 'hyparquet';
import type { DataFile } from '../data-file.ts';
import type { FileBytes } from './file-bytes.ts';
import { STATISTICS_PARSERS } from './parquet-parsers.ts';

export type ParquetMetadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;
export type RowGroup = ParquetMetadata['row_groups'][number];

/** Most footers are smaller; a larger one takes a second look. */
const FOOTER_GUESS = 65_536;

interface Known {
  readonly size: number;
  readonly changedAt: number;
  readonly metadata: ParquetMetadata;
}

const known = new WeakMap<DataFile, Known>();

/** What the file tells of itself; kept as long as it stays as it is, because a query looks at it twice. */
export async function metadataOf(file: DataFile, bytes: FileBytes): Promise<ParquetMetadata> {
  const { byteLength: size, changedAt } = bytes;
  const before = known.get(file);
  if (before?.size === size && before.changedAt === changedAt) return before.metadata;
  const metadata = await parquetMetadataAsync(bytes, { initialFetchSize: FOOTER_GUESS, parsers: STATISTICS_PARSERS });
  known.set(file, { size, changedAt, metadata });
  return metadata;
}
