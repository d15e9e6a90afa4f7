import type { RunnerRecord } from '../runner-record.ts';
import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';
import { db } from './tables.ts';

const NAME = 'runner';

/** The latest runner, as one value: it is read and written as a whole. */
export function createRunnerRows(connection: Connection): Pick<Store, 'runner' | 'noteRunner'> {
  return {
    runner: async () => readRunner(connection),
    noteRunner: async (runner) => connection.write(() => save(connection, JSON.stringify(runner))),
  };
}

/** null where no runner has worked on the state yet. */
export function readRunner(connection: Connection): RunnerRecord | null {
  const query = db.selectFrom('meta').select('value').where('name', '=', NAME).compile();
  const value = connection.all(query)[0]?.value;
  return value === undefined ? null : (JSON.parse(value) as RunnerRecord);
}

function save(connection: Connection, value: string): void {
  const query = db
    .insertInto('meta')
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .compile();
  connection.run(query);
}
