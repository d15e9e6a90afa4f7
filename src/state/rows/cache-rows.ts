import type { Cache } from '../../lib/cache.ts';
import type { Database } from '../steps/database.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import { exactText, fromExactText } from './text.ts';

/** Values longer than this are not kept: the cache is for small answers. */
const LONGEST_VALUE = 4 * 1024 * 1024;

/** A durable cache of the `limit` entries that were set last. Losing its newest entries in a power failure costs time only. */
export function createCacheRows(database: Database, limit = 20_000): Cache {
  return {
    get: (key) => database.ask(() => read(key)),
    set: (key, value) => database.writeLazily(() => save(limit, key, value)),
  };
}

function* read(key: string): RowSteps<string | null> {
  const query = db.selectFrom('cache').select('value').where('name', '=', exactText(key));
  const stored = (yield* all(query))[0]?.value;
  return stored === undefined ? null : fromExactText(stored);
}

/** Every set takes a new, higher row id, so ids tell the order of the sets. */
function* save(limit: number, key: string, value: string): RowSteps<void> {
  const name = exactText(key);
  yield* change(db.deleteFrom('cache').where('name', '=', name));
  if (value.length > LONGEST_VALUE) return;
  const highest = db.selectFrom('cache').select((select) => select.fn.max<number | null>('id').as('id'));
  const id = ((yield* all(highest))[0]?.id ?? 0) + 1;
  yield* change(db.insertInto('cache').values({ id, name, value: exactText(value) }));
  yield* change(db.deleteFrom('cache').where('id', '<=', id - limit));
}
