import { parquetSchema } from 'hyparquet';
import { HuntwireError } from '../../../lib/errors.ts';
import type { DataFile } from '../data-file.ts';
import type { FileReading } from '../file-reading.ts';
import type { CellPlan, RawBatch } from '../raw-columns.ts';
import { openBytes } from './file-bytes.ts';
import { groupReader, type WantedColumn } from './group-reader.ts';
import { metadataOf, type ParquetMetadata } from './parquet-file.ts';
import { parquetType } from './parquet-type.ts';

/** Two marks and the size of what it tells of itself. */
const SMALLEST_FILE = 12;
/** Of a group, which is read as a whole; writers make them of a million rows or less. */
const MOST_ROWS = 1 << 26;

/** The wanted columns of a Parquet file, a batch for every group of its rows; of the others only the names are read. */
export async function* readParquet(
  file: DataFile,
  plan: CellPlan,
  reading: FileReading,
  signal: AbortSignal,
): AsyncGenerator<RawBatch> {
  try {
    for await (const batch of readGroups(file, plan, reading, signal))
      yield { ...batch, ...moreOf(batch, file, signal) };
  } catch (cause) {
    throw unreadable(file, cause, signal);
  }
}

/** What is read later fails as what is read at once does. */
function moreOf({ more }: RawBatch, file: DataFile, signal: AbortSignal): Pick<RawBatch, 'more'> {
  if (!more) return {};
  const read = (): Promise<RawBatch> =>
    more().catch((cause: unknown) => {
      throw unreadable(file, cause, signal);
    });
  return { more: read };
}

function unreadable(file: DataFile, cause: unknown, signal: AbortSignal): unknown {
  if (cause instanceof HuntwireError || signal.aborted) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HuntwireError('CONFIG_INVALID', `${file.path} cannot be read as Parquet: ${reason}.`, { cause });
}

async function* readGroups(
  file: DataFile,
  plan: CellPlan,
  reading: FileReading,
  signal: AbortSignal,
): AsyncGenerator<RawBatch> {
  const bytes = openBytes(file.path);
  try {
    if (bytes.byteLength < SMALLEST_FILE) throw new Error(`it has ${bytes.byteLength} bytes, too few for such a file`);
    const metadata = await metadataOf(file, bytes);
    const read = groupReader({ file: bytes, metadata, plan }, wantedColumns(metadata, plan, reading));
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      signal.throwIfAborted();
      if (group.num_rows > MOST_ROWS) throw new Error(`a group of it is said to have ${group.num_rows} rows`);
      const batch = await read({ group, rowStart });
      rowStart += batch.rowCount;
      reading.rows += batch.rowCount;
      yield batch;
    }
  } finally {
    bytes.close();
  }
}

function wantedColumns(metadata: ParquetMetadata, plan: CellPlan, reading: FileReading): readonly WantedColumn[] {
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
