import type { Clock } from '../../../src/lib/clock.ts';
import { type Connection, openConnection } from '../../../src/state/sqlite/connection.ts';
import { makeLayout } from '../../../src/state/sqlite/migrate.ts';
import { createSqlStore, raiseFence } from '../../../src/state/sqlite/sql-store.ts';
import type { SqlValue } from '../../../src/state/steps/bind.ts';
import type { Store } from '../../../src/state/store.ts';

/** The state file of a week, in memory: it outlives every process. */
export interface WeekState {
  /** As a process opens it: who had it before is fenced out. */
  open(clock: Clock): Store;
  copy(): StateCopy;
  /** The state is from now on what it was when it was copied. */
  putBack(copy: StateCopy): void;
  close(): void;
}

export type StateCopy = ReadonlyMap<
  string,
  { readonly columns: readonly string[]; readonly rows: readonly (readonly SqlValue[])[] }
>;

export function createWeekState(): WeekState {
  let connection = fresh();
  return {
    open: (clock) => createSqlStore(connection, clock, raiseFence(connection)),
    copy: () => copyOf(connection),
    putBack: (copy) => {
      connection.close();
      connection = fresh();
      for (const [table, { columns, rows }] of copy) {
        connection.script(`DELETE FROM "${table}"`);
        const places = columns.map(() => '?').join(', ');
        const insert = connection.prepare(
          `INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${places})`,
        );
        for (const row of rows) insert.run(row);
      }
    },
    close: () => connection.close(),
  };
}

function fresh(): Connection {
  const connection = openConnection(':memory:');
  makeLayout(connection);
  return connection;
}

function copyOf(connection: Connection): StateCopy {
  const read = (text: string): readonly Readonly<Record<string, unknown>>[] =>
    connection.prepare(text).rows([]) as readonly Readonly<Record<string, unknown>>[];
  const tables = read("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  return new Map(
    tables.map(({ name }) => {
      const columns = read(`SELECT name FROM pragma_table_info('${String(name)}')`).map((column) =>
        String(column.name),
      );
      const rows = read(`SELECT * FROM "${String(name)}"`).map((row) => columns.map((column) => sqlValue(row[column])));
      return [String(name), { columns, rows }];
    }),
  );
}

function sqlValue(value: unknown): SqlValue {
  return value instanceof ArrayBuffer ? Buffer.from(value) : (value as SqlValue);
}
