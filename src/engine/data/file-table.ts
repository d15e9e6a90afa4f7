import { columnsOfTable } from '../../kql/defender.ts';
import type { Column } from '../../kql/types.ts';
import { INGESTED, type TableData, type TableSource } from '../table-data.ts';
import { readCsv } from './csv.ts';
import type { DataFile } from './data-file.ts';
import { openEnvelope } from './export-envelope.ts';
import { inferColumns } from './infer-columns.ts';
import { readJsonLines } from './json-lines.ts';
import { parquetColumns, readParquet } from './parquet.ts';
import { ARRIVALS, type RawRow, rowData } from './row-table.ts';

/** Rows looked at to learn columns that the schema does not have. */
const SAMPLE_ROWS = 200;

/** One table over files; each query reads the files anew and keeps only the columns it touches. */
export async function createFileTable(table: string, files: readonly DataFile[]): Promise<TableSource> {
  const columns = await columnsOf(
    table,
    files.filter((file) => file.table !== null),
  );
  return {
    columns,
    load: async (wanted, signal) => readTable(table, files, columns, wanted, signal),
  };
}

async function columnsOf(table: string, files: readonly DataFile[]): Promise<readonly Column[]> {
  const [first] = files;
  if (!first) return columnsOfTable(table) ?? [];
  return inferColumns(table, await sampleOf(first));
}

async function sampleOf(file: DataFile): Promise<readonly RawRow[]> {
  const stop = new AbortController();
  if (file.form === 'csv') return (await readCsv(file.path)).slice(0, SAMPLE_ROWS);
  if (file.form === 'parquet') return (await readParquet(file.path, null)).slice(0, SAMPLE_ROWS);
  const rows: RawRow[] = [];
  for await (const record of readJsonLines(file.path, stop.signal)) {
    rows.push(openEnvelope(record)?.row ?? record);
    if (rows.length >= SAMPLE_ROWS) break;
  }
  return rows;
}

async function readTable(
  table: string,
  files: readonly DataFile[],
  columns: readonly Column[],
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<TableData> {
  const names = [...wanted, ...(wanted.has(INGESTED) ? ARRIVALS : [])];
  const rows: RawRow[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    for await (const row of rowsOf(file, table, names, signal)) rows.push(pick(row, names));
  }
  return rowData(columns, rows);
}

async function* rowsOf(
  file: DataFile,
  table: string,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<RawRow> {
  if (file.form === 'csv') yield* await readCsv(file.path);
  else if (file.form === 'parquet') yield* await readParquetColumns(file.path, names);
  else yield* readJsonRows(file, table, signal);
}

async function readParquetColumns(path: string, names: readonly string[]): Promise<readonly RawRow[]> {
  const present = await parquetColumns(path);
  const wanted = present.filter((name) => names.includes(name));
  return readParquet(path, wanted.length > 0 ? wanted : present.slice(0, 1));
}

/** Records of an export are opened, and kept where they are of this table. */
async function* readJsonRows(file: DataFile, table: string, signal: AbortSignal): AsyncGenerator<RawRow> {
  for await (const record of readJsonLines(file.path, signal)) {
    const exported = openEnvelope(record);
    if (exported ? exported.table === table : file.table === table) yield exported?.row ?? record;
  }
}

function pick(row: RawRow, names: readonly string[]): RawRow {
  const picked: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of names) if (Object.hasOwn(row, name)) picked[name] = row[name];
  return picked;
}
