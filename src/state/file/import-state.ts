import { createReadStream, existsSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { HuntwireError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import type { Connection, PreparedStatement } from '../sqlite/connection.ts';
import { migrate, versionOf } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/migrations.ts';
import { openStateFile } from '../state-file.ts';
import { tablesOf } from './export-state.ts';
import { type ExportEnd, type ExportedRow, type ExportHead, importedValue } from './state-lines.ts';

/**
 * Fills a state that is not there yet with what was exported, and brings it to this program's layout; gives how many rows it took. All or
 * nothing: it merges nothing. The caller holds the runner lock. USAGE where there is a state already or the export is none of ours.
 */
export async function importState(path: string, file: string): Promise<number> {
  if (existsSync(path))
    throw new HuntwireError('USAGE', `${path} is there already: an import needs a state.path where nothing is.`);
  if (!existsSync(file)) throw new HuntwireError('USAGE', `There is no file ${file}.`);
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  const iterator = lines[Symbol.asyncIterator]();
  const head = headOf(file, (await iterator.next()).value);
  try {
    return await fill(path, file, head, iterator);
  } catch (thrown) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    throw thrown;
  } finally {
    lines.close();
  }
}

async function fill(path: string, file: string, head: ExportHead, lines: AsyncIterator<string>): Promise<number> {
  const migrations = MIGRATIONS.filter(({ number }) => number <= head.layout);
  const state = openStateFile({ path, lockPath: null, log: silentLog, migrations });
  try {
    const { connection } = state;
    requireSameTables(file, head, connection);
    connection.script('BEGIN IMMEDIATE');
    for (const table of Object.keys(head.tables)) connection.script(`DELETE FROM "${table}"`);
    const rows = await insertAll(file, head, connection, lines);
    connection.script('COMMIT');
    migrate(connection);
    return rows;
  } finally {
    state.close();
  }
}

function headOf(file: string, line: unknown): ExportHead {
  const head = parsed(file, line, 1) as Partial<ExportHead> | null;
  if (head?.huntwire !== 'state' || typeof head.layout !== 'number' || !head.tables)
    throw new HuntwireError('USAGE', `${file} is no exported state.`);
  const newest = MIGRATIONS.at(-1)?.number ?? 0;
  if (head.layout > newest) {
    const message = `${file} was exported by a newer program (layout ${head.layout}, this one knows ${newest}); install that version.`;
    throw new HuntwireError('USAGE', message);
  }
  return head as ExportHead;
}

function requireSameTables(file: string, { tables, layout }: ExportHead, connection: Connection): void {
  const own = tablesOf(connection);
  if (versionOf(connection) === layout && JSON.stringify(own) === JSON.stringify(tables)) return;
  throw new HuntwireError('USAGE', `${file} does not have the tables of layout ${layout}.`);
}

async function insertAll(
  file: string,
  { tables }: ExportHead,
  connection: Connection,
  lines: AsyncIterator<string>,
): Promise<number> {
  const inserts = new Map<string, PreparedStatement>();
  for (const [table, columns] of Object.entries(tables)) {
    const names = columns.map((column) => `"${column}"`).join(', ');
    const places = columns.map(() => '?').join(', ');
    inserts.set(table, connection.prepare(`INSERT INTO "${table}" (${names}) VALUES (${places})`));
  }
  let rows = 0;
  for (let number = 2; ; number += 1) {
    const { value, done } = await lines.next();
    if (done) throw new HuntwireError('USAGE', `${file} ends too early: its last line is missing.`);
    const line = parsed(file, value, number) as ExportedRow | ExportEnd;
    if (!isRow(line)) {
      if (line.rows === rows) return rows;
      throw new HuntwireError('USAGE', `${file} holds ${rows} rows and says that they are ${line.rows}.`);
    }
    const [table, ...values] = line;
    const insert = inserts.get(table);
    if (!insert) throw new HuntwireError('USAGE', `${file}:${number}: there is no table ${table}.`);
    insert.run(values.map(importedValue));
    rows += 1;
  }
}

function isRow(line: ExportedRow | ExportEnd): line is ExportedRow {
  return Array.isArray(line);
}

function parsed(file: string, line: unknown, number: number): unknown {
  try {
    return JSON.parse(String(line));
  } catch (cause) {
    throw new HuntwireError('USAGE', `${file}:${number} is no line of an exported state.`, { cause });
  }
}
