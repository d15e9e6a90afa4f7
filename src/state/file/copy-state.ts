import { HuntwireError } from '../../lib/errors.ts';
import { silentLog } from '../../lib/log.ts';
import type { MachineSelf } from '../machine.ts';
import { addressOf, type DatabaseAddress, type DatabaseClient, openClient } from '../postgres/connection.ts';
import { migrateTables } from '../postgres/migrate.ts';
import { takeRunnerSession } from '../postgres/runner-session.ts';
import { toDatabaseError } from '../postgres/state-error.ts';
import { takeRunnerLock } from '../runner-lock.ts';
import type { Connection } from '../sqlite/connection.ts';
import { openStateFile } from '../state-file.ts';
import { tablesOf } from './export-state.ts';

export interface CopyInput {
  readonly path: string;
  readonly url: string;
  readonly self: MachineSelf;
  readonly version: string;
  /** Told now and then how many rows were copied, of how many. */
  readonly progress: (rows: number, all: number) => void;
}

const ROWS_AT_ONCE = 1000;

/**
 * Copies a state from a file into a database that has none; gives how many rows it took. All or nothing: one transaction. It holds the runner
 * locks of both, so nothing happens on either meanwhile. STATE_LOCKED where a process runs on one of them, USAGE where the database has a
 * state already.
 */
export async function copyState({ path, url, self, version, progress }: CopyInput): Promise<number> {
  const address = addressOf(url);
  const lock = takeRunnerLock(path);
  try {
    const file = openStateFile({ path, lockPath: null, log: silentLog });
    try {
      const session = await takeRunnerSession(url, { self, version });
      try {
        return await copyInto(address, file.connection, progress);
      } finally {
        await session.release();
      }
    } finally {
      file.close();
    }
  } finally {
    lock.release();
  }
}

async function copyInto(address: DatabaseAddress, from: Connection, progress: CopyInput['progress']): Promise<number> {
  const client = await openClient(address);
  try {
    await migrateTables(client, address);
    await client.query({ text: 'BEGIN' });
    const rows = await copyTables(address, from, client, progress);
    await client.query({ text: 'COMMIT' });
    return rows;
  } catch (thrown) {
    // With its connection the transaction ends, and nothing of it is left.
    throw toDatabaseError(thrown, address.name);
  } finally {
    await client.end();
  }
}

async function copyTables(
  { name }: DatabaseAddress,
  from: Connection,
  to: DatabaseClient,
  progress: CopyInput['progress'],
): Promise<number> {
  const tables = Object.entries(tablesOf(from));
  for (const [table] of tables) {
    const { rows } = await to.query({ text: `SELECT 1 FROM ${quoted(table)} LIMIT 1` });
    if (rows.length > 0)
      throw new HuntwireError(
        'USAGE',
        `There is a state in ${name} already: a copy needs a database, or a schema, where none is.`,
      );
  }
  const all = tables.reduce((sum, [table]) => sum + rowsIn(from, table), 0);
  let copied = 0;
  for (const [table, columns] of tables) {
    const types = await typesOf(to, table);
    for (const rows of pagesOf(from, table, columns)) {
      await insert(to, table, columns, types, rows);
      copied += rows.length;
      progress(copied, all);
    }
    if (types.get('id') === 'int8') await countOn(to, table);
  }
  return copied;
}

function rowsIn(from: Connection, table: string): number {
  return (from.prepare(`SELECT count(*) AS many FROM ${quoted(table)}`).rows([])[0] as { readonly many: number }).many;
}

type StoredRow = Readonly<Record<string, unknown>>;

function* pagesOf(from: Connection, table: string, columns: readonly string[]): Generator<readonly StoredRow[]> {
  const names = columns.map(quoted).join(', ');
  const page = from.prepare(
    `SELECT rowid AS "row number", ${names} FROM ${quoted(table)} WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_AT_ONCE}`,
  );
  for (let last = -1; ; ) {
    const rows = page.rows([last]) as readonly StoredRow[];
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_AT_ONCE) return;
    last = Number(rows.at(-1)?.['row number']);
  }
}

/** By column, as Postgres calls it inside: `int8`, `text`, `bytea`, `float8`. */
async function typesOf(to: DatabaseClient, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await to.query({
    text: 'SELECT column_name AS name, udt_name AS type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1',
    values: [table],
  });
  return new Map(
    (rows as readonly { readonly name: string; readonly type: string }[]).map((row) => [row.name, row.type]),
  );
}

async function insert(
  to: DatabaseClient,
  table: string,
  columns: readonly string[],
  types: ReadonlyMap<string, string>,
  rows: readonly StoredRow[],
): Promise<void> {
  const lists = columns.map((column, at) => `$${at + 1}::${types.get(column) ?? 'text'}[]`);
  await to.query({
    text: `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) SELECT * FROM unnest(${lists.join(', ')})`,
    values: columns.map((column) => rows.map((row) => sentValue(row[column]))),
  });
}

function sentValue(value: unknown): unknown {
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

/** New rows are numbered behind those that were copied. */
async function countOn(to: DatabaseClient, table: string): Promise<void> {
  await to.query({
    text: `SELECT setval(pg_get_serial_sequence(quote_ident($1), 'id'), greatest(1, (SELECT max(id) FROM ${quoted(table)})))`,
    values: [table],
  });
}

function quoted(name: string): string {
  return `"${name}"`;
}
