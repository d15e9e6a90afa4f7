import { setImmediate } from 'node:timers/promises';
import type { Connection } from '../connection.ts';

/** Rows removed by one statement, so that no transaction holds the file for long. */
export const ROWS_AT_ONCE = 5000;

/** Batches, each in its own transaction, with room for other work between them. */
export async function repeat(connection: Connection, remove: () => number): Promise<void> {
  while (connection.write(remove) === ROWS_AT_ONCE) await setImmediate();
}
