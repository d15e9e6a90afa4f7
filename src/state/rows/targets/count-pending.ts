import { sql } from 'kysely';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';

export interface PendingCount {
  readonly entries: number;
  /** The lowest id. */
  readonly first: number;
}

/** Two indexes hold between them what is pending, and these queries read nothing else: entries are as large as their answers. */
const pendingQueries = ([0, 1] as const).map((waiting) =>
  compiledOnce(() =>
    db
      .selectFrom('outbox')
      .select(['target', sql<number>`count(*)`.as('entries'), sql<number>`min(id)`.as('first')])
      .where('settled_at', 'is', null)
      .where('waiting', '=', sql.lit(waiting))
      .groupBy('target'),
  ),
);

/** By target, of those that have some. */
export function* countPending(): RowSteps<ReadonlyMap<string, PendingCount>> {
  const counts = new Map<string, PendingCount>();
  for (const query of pendingQueries) {
    for (const { target, entries, first } of yield* all(query({}))) {
      const other = counts.get(target) ?? { entries: 0, first };
      counts.set(target, { entries: other.entries + entries, first: Math.min(other.first, first) });
    }
  }
  return counts;
}

const timesOf = compiledOnce(({ id }: { readonly id: number }) =>
  db
    .selectFrom('outbox')
    .leftJoin('alert', 'alert.id', 'outbox.alert')
    .select(['outbox.created_at as entry', 'alert.created_at as alert'])
    .where('outbox.id', '=', id),
);

const oldestOf = compiledOnce(({ target }: { readonly target: string }) =>
  db
    .selectFrom('outbox')
    .select(sql<number | null>`min(created_at)`.as('oldest'))
    .where('target', '=', target)
    .where('settled_at', 'is', null),
);

/** When the oldest was made: the one of the lowest id, but where that was replayed, which made it young. Then all are looked at. */
export function* oldestPending(target: string, first: number): RowSteps<number | null> {
  const [times] = yield* all(timesOf({ id: first }));
  if (times && times.entry === times.alert) return times.entry;
  return (yield* all(oldestOf({ target })))[0]?.oldest ?? null;
}
