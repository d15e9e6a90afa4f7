import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { HuntwireError } from '../../lib/errors.ts';
import { type Connection, openConnection } from '../sqlite/connection.ts';
import { requireNotNewer, versionOf } from '../sqlite/migrate.ts';
import { type ExportHead, exportedValue } from './state-lines.ts';

const BUSY_MS = 5000;
const ROWS_AT_ONCE = 500;

/** Writes all tables of a state as lines of JSON, as they are at one moment, beside whoever works with it; gives how many rows there are. */
export function exportState(path: string, file: string): number {
  if (!existsSync(path)) throw new HuntwireError('USAGE', `There is no state file ${path}.`);
  const connection = openConnection(path);
  try {
    connection.script(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA query_only = 1`);
    requireNotNewer(connection);
    return writeAll(connection, createExport(file));
  } finally {
    connection.close();
  }
}

function createExport(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    const { code = 'unknown' } = cause as { readonly code?: string };
    const why = code === 'EEXIST' ? 'is there already: an export is a new file' : `cannot be written (${code})`;
    throw new HuntwireError('USAGE', `${file} ${why}.`, { cause });
  }
}

function writeAll(connection: Connection, handle: number): number {
  const write = (line: unknown): void => void writeSync(handle, `${JSON.stringify(line)}\n`);
  try {
    return connection.read(() => {
      const tables = tablesOf(connection);
      write({ huntwire: 'state', layout: versionOf(connection), tables } satisfies ExportHead);
      let rows = 0;
      for (const [table, columns] of Object.entries(tables)) rows += writeTable(connection, table, columns, write);
      write({ rows });
      fsyncSync(handle);
      return rows;
    });
  } finally {
    closeSync(handle);
  }
}

/** By table its columns; those of SQLite itself are left out. */
export function tablesOf(connection: Connection): ExportHead['tables'] {
  const names = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").rows([]);
  const tables = (names as readonly { readonly name: string }[])
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('sqlite_'));
  return Object.fromEntries(tables.map((table) => [table, columnsOf(connection, table)]));
}

function columnsOf(connection: Connection, table: string): readonly string[] {
  const rows = connection.prepare(`SELECT name FROM pragma_table_info('${table}')`).rows([]);
  return (rows as readonly { readonly name: string }[]).map(({ name }) => name);
}

function writeTable(
  connection: Connection,
  table: string,
  columns: readonly string[],
  write: (line: unknown) => void,
): number {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const page = connection.prepare(
    `SELECT rowid AS "row number", ${names} FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
  );
  let count = 0;
  for (let last = -1; ; ) {
    const rows = page.rows([last]) as readonly Readonly<Record<string, unknown>>[];
    for (const row of rows) write([table, ...columns.map((column) => exportedValue(row[column]))]);
    count += rows.length;
    if (rows.length < ROWS_AT_ONCE) return count;
    last = Number(rows.at(-1)?.['row number']);
  }
}
