import type { Exception } from '../../rules/rule.ts';
import { laterOf } from '../event-time.ts';
import type { Collected, ExceptedRows, RowKey } from '../hit.ts';

/** What exceptions have taken out so far. */
export interface ExceptedBook {
  rows: number;
  readonly keys: Map<string, ExceptedRows>;
  readonly by: Map<Exception, number>;
}

/** The dedup key is asked for once a row key. */
interface ExceptedRow extends RowKey {
  readonly dedupKey: () => string | null;
}

export function startExcepted(): ExceptedBook {
  return { rows: 0, keys: new Map(), by: new Map() };
}

export function noteExcepted(book: ExceptedBook, { key, newest, dedupKey }: ExceptedRow, exception: Exception): void {
  const before = book.keys.get(key);
  const rows = { key, newest: laterOf(before?.newest ?? null, newest), rows: (before?.rows ?? 0) + 1 };
  book.keys.set(key, { ...rows, dedupKey: before ? before.dedupKey : dedupKey() });
  book.rows += 1;
  book.by.set(exception, (book.by.get(exception) ?? 0) + 1);
}

export function exceptedOf({ rows, keys, by }: ExceptedBook, exceptions: readonly Exception[]): Collected['excepted'] {
  const counts = exceptions.flatMap((exception) => {
    const count = by.get(exception);
    return count === undefined ? [] : { reason: exception.reason, owner: exception.owner, rows: count };
  });
  return { rows, keys: [...keys.values()], by: counts };
}
