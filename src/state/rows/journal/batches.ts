import { setImmediate } from 'node:timers/promises';
import type { Database } from '../../steps/database.ts';
import type { RowSteps } from '../../steps/steps.ts';

/** Rows removed by one statement, so that no transaction holds the state for long. */
export const ROWS_AT_ONCE = 5000;

/** Batches, each in its own transaction, with room for other work between them. */
export async function repeat(database: Database, remove: () => RowSteps<number>): Promise<void> {
  while ((await database.write(remove)) === ROWS_AT_ONCE) await setImmediate();
}
