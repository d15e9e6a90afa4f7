import { sql } from 'kysely';
import { HuntwireError } from '../../lib/errors.ts';
import { db } from '../steps/tables.ts';
import type { Connection } from './connection.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';

/** The number of the last migration that the file has seen; 0 for a new file. */
export function versionOf(connection: Connection): number {
  const query = sql<{ user_version: number }>`PRAGMA user_version`.compile(db);
  return connection.all(query)[0]?.user_version ?? 0;
}

/** Brings the file to the program's layout, all steps in one transaction; a file of a newer program is refused. */
export function migrate(connection: Connection, migrations: readonly Migration[] = MIGRATIONS): void {
  requireNotNewer(connection, migrations);
  if (versionOf(connection) === latest(migrations)) return;
  connection.write(() => {
    const version = versionOf(connection);
    for (const one of migrations.filter((migration) => migration.number > version)) apply(connection, one);
  });
}

/** For readers, which cannot migrate: the file must have exactly the program's layout. */
export function requireCurrent(connection: Connection): void {
  requireNotNewer(connection);
  const version = versionOf(connection);
  if (version === latest(MIGRATIONS)) return;
  throw new HuntwireError(
    'STATE_FAILED',
    `The state file ${connection.path} has layout ${version}, this program needs ${latest(MIGRATIONS)}; run "huntwire once" or "huntwire run", which bring it up to date.`,
  );
}

/** Before anything is changed in the file, its mode included. */
export function requireNotNewer(connection: Connection, migrations: readonly Migration[] = MIGRATIONS): void {
  const version = versionOf(connection);
  if (version <= latest(migrations)) return;
  throw new HuntwireError(
    'STATE_FAILED',
    `The state file ${connection.path} was written by a newer program (layout ${version}, this one knows ${latest(migrations)}); install that version or use another state.path.`,
  );
}

/** What all steps together make of an empty file, as one script; known once one was made. */
let newLayout: string | null = null;

/**
 * As `migrate`, of a new state that nobody opens again: the first in a process takes all steps, the others what came of them, which takes a fifth
 * of the time. The steps leave no rows behind in an empty state, which a test holds.
 */
export function makeLayout(connection: Connection): void {
  if (newLayout !== null) {
    connection.script(newLayout);
    return;
  }
  migrate(connection);
  const made = sql<{
    sql: string;
  }>`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid`;
  const statements = connection.all(made.compile(db)).map((row) => row.sql);
  newLayout = ['BEGIN', ...statements, `PRAGMA user_version = ${versionOf(connection)}`, 'COMMIT'].join(';\n');
}

function apply(connection: Connection, migration: Migration): void {
  for (const statement of migration.statements) connection.script(statement);
  connection.script(`PRAGMA user_version = ${migration.number}`);
}

function latest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.number ?? 0;
}
