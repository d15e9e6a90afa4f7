import { readCsv } from './csv/read-csv.ts';
import type { DataFile } from './data-file.ts';
import { createFileReading, type FileReading } from './file-reading.ts';
import { readJson } from './json/read-json.ts';
import { readParquet } from './parquet/read-parquet.ts';
import { type CellPlan, createRawColumns, type RawBatch } from './raw-columns.ts';
import type { ByteOptions } from './read-bytes.ts';
import { type ScalarTypes, toldTypes } from './told-types.ts';

/** One reading of a file: its rows as batches, and when these have ended what was found out. */
export interface RowReading {
  readonly batches: AsyncGenerator<RawBatch>;
  readonly found: FileReading;
  /** Types of the columns to be learnt; of those that the file declares, as it does. */
  types(): ScalarTypes;
}

/** Reads the rows of one table from a file of any form. Throws CONFIG_INVALID with file and place where it cannot be read. */
export function readDataFile(file: DataFile, table: string, plan: CellPlan, options: ByteOptions): RowReading {
  const found = createFileReading();
  const columns = createRawColumns(plan);
  const readers = {
    json: () => readJson(file, table, columns, found, options),
    csv: () => readCsv(file, columns, found, options),
    parquet: () => readParquet(file, plan, found, options.signal),
  } as const;
  return { batches: readers[file.form](), found, types: () => toldTypes(plan, columns.types(), found.declared) };
}
