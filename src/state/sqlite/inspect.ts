import { sql } from 'kysely';
import { db } from '../steps/tables.ts';
import { openConnection } from './connection.ts';
import { versionOf } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { toStateError } from './state-error.ts';

/** What a state file is like, as far as one can see without changing it. */
export interface StateInspection {
  readonly layout: number;
  /** The layout that this program writes. */
  readonly newest: number;
  /** What SQLite finds wrong with the file, in its words; null: nothing, or it was not looked for. */
  readonly damage: string | null;
}

const BUSY_MS = 5000;

/**
 * Looks into a state file beside whoever works with it. With `thorough` each page is read. Whether it can be written is tried with a
 * transaction that writes nothing. Throws STATE_ errors where it cannot be opened, read or written.
 */
export function inspectState(path: string, thorough: boolean): StateInspection {
  const connection = openConnection(path);
  try {
    connection.script(`PRAGMA busy_timeout = ${BUSY_MS}`);
    const layout = versionOf(connection);
    const newest = MIGRATIONS.at(-1)?.number ?? 0;
    const check = sql<{ quick_check: string }>`PRAGMA quick_check(1)`.compile(db);
    const found = thorough ? (connection.all(check)[0]?.quick_check ?? 'ok') : 'ok';
    if (found === 'ok' && layout <= newest) connection.write(() => undefined);
    return { layout, newest, damage: found === 'ok' ? null : found };
  } catch (thrown) {
    throw toStateError(thrown, path);
  } finally {
    connection.close();
  }
}
