import type { Database } from '../steps/database.ts';
import type { Connection } from './connection.ts';
import { giveBackRoom } from './room.ts';
import { createStepTaker } from './take-steps.ts';

/** All steps of a piece of work are taken at once, before its promise is given: no two of them are ever interleaved. */
export function databaseOf(connection: Connection): Database {
  const take = createStepTaker(connection);
  return {
    name: `the state file ${connection.path}`,
    ask: async (work) => take(work()),
    read: async (work) => connection.read(() => take(work())),
    write: async (work) => connection.write(() => take(work())),
    writeLazily: async (work) => connection.writeLazily(() => take(work())),
    giveBackRoom: () => giveBackRoom(connection),
    close: async () => connection.close(),
  };
}
