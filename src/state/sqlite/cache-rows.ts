import type { Cache } from '../../lib/cache.ts';
import type { Connection } from './connection.ts';
import { db } from './tables.ts';
import { exactText, fromExactText } from './text.ts';

/** Values longer than this are not kept: the cache is for small answers. */
const LONGEST_VALUE = 4 * 1024 * 1024;

/** A durable cache of the `limit` entries that were set last. Losing its newest entries in a power failure costs time only. */
export function createCacheRows(connection: Connection, limit = 20_000): Cache {
  return {
    get: async (key) => {
      const query = db.selectFrom('cache').select('value').where('name', '=', exactText(key)).compile();
      const stored = connection.all(query)[0]?.value;
      return stored === undefined ? null : fromExactText(stored);
    },
    set: async (key, value) => connection.writeLazily(() => save(connection, limit, key, value)),
  };
}

/** Every set takes a new, higher row id, so ids tell the order of the sets. */
function save(connection: Connection, limit: number, key: string, value: string): void {
  const name = exactText(key);
  connection.run(db.deleteFrom('cache').where('name', '=', name).compile());
  if (value.length > LONGEST_VALUE) return;
  const highest = db
    .selectFrom('cache')
    .select((select) => select.fn.max<number | null>('id').as('id'))
    .compile();
  const id = (connection.all(highest)[0]?.id ?? 0) + 1;
  connection.run(
    db
      .insertInto('cache')
      .values({ id, name, value: exactText(value) })
      .compile(),
  );
  connection.run(
    db
      .deleteFrom('cache')
      .where('id', '<=', id - limit)
      .compile(),
  );
}
