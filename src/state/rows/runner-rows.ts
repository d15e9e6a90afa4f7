import type { RunnerRecord } from '../runner-record.ts';
import type { Database } from '../steps/database.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import type { Store } from '../store.ts';

const NAME = 'runner';

/** The latest runner, as one value: it is read and written as a whole. */
export function createRunnerRows(database: Database): Pick<Store, 'runner' | 'noteRunner'> {
  return {
    runner: () => database.ask(readRunner),
    noteRunner: (runner) => database.write(() => save(JSON.stringify(runner))),
  };
}

/** null where no runner has worked on the state yet. */
export function* readRunner(): RowSteps<RunnerRecord | null> {
  const query = db.selectFrom('meta').select('value').where('name', '=', NAME);
  const value = (yield* all(query))[0]?.value;
  return value === undefined ? null : (JSON.parse(value) as RunnerRecord);
}

function* save(value: string): RowSteps<void> {
  const query = db
    .insertInto('meta')
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }));
  yield* change(query);
}
