import { HuntwireError } from '../../lib/errors.ts';
import type { Connection } from './connection.ts';
import { compiledOnce } from './statement.ts';
import { db } from './tables.ts';

const fenceQuery = compiledOnce(() => db.selectFrom('meta').select('value').where('name', '=', 'fence').compile());

/** The fence of the runner that took over last; 0 where none ever did. */
export function storedFence(connection: Connection): number {
  return Number(connection.all(fenceQuery({}))[0]?.value ?? 0);
}

/** Takes over: from now on commits with an older fence are refused. */
export function raiseFence(connection: Connection): number {
  return connection.write(() => {
    const fence = storedFence(connection) + 1;
    const query = db
      .insertInto('meta')
      .values({ name: 'fence', value: String(fence) })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: String(fence) }))
      .compile();
    connection.run(query);
    return fence;
  });
}

/** Keeps a value under a name where none is kept yet; gives what is kept. */
export function keepFirst(connection: Connection, name: string, value: string): string {
  return connection.write(() => {
    const insert = db.insertInto('meta').values({ name, value });
    connection.run(insert.onConflict((conflict) => conflict.column('name').doNothing()).compile());
    const query = db.selectFrom('meta').select('value').where('name', '=', name).compile();
    return connection.all(query)[0]?.value ?? value;
  });
}

/** Throws STATE_FENCED where another runner has taken over. Inside a transaction. */
export function requireFence(connection: Connection, fence: number): void {
  const stored = storedFence(connection);
  if (stored === fence) return;
  throw new HuntwireError(
    'STATE_FENCED',
    `Another huntwire has taken over the state file ${connection.path} (fence ${stored}, ours is ${fence}); end this process, the other one goes on.`,
  );
}
