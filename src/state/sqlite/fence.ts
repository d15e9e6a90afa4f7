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
