import { sql } from 'kysely';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import type { SuccessorQuery, Successors } from '../../successors.ts';
import { forPart, type PartOf } from './for-part.ts';

type Values = PartOf & { readonly after: number; readonly take: number };

interface Waiting {
  readonly id: number;
  readonly due: number;
  /** The pending entry right before it in its order key. */
  readonly before: number;
}

export interface SuccessorIds extends Omit<Successors<never>, 'entries'> {
  readonly ids: readonly number[];
}

/** Finds entries that may follow those that are held; looks at so many that wait, at most, as it may find. */
export function* successorIds(
  part: string,
  { now, limit, after, held, tails, ignoreBackoff }: SuccessorQuery,
): RowSteps<SuccessorIds> {
  const found = yield* all(search(part, { after, take: limit }));
  const ends = new Set(tails);
  const ids: number[] = [];
  let passedOver = false;
  for (const { id, before, due } of found) {
    if (held.has(id)) continue;
    if (ends.has(before) && (ignoreBackoff || due <= now)) {
      ids.push(id);
      ends.add(id);
    } else passedOver = true;
  }
  return { ids, lookedTo: found.at(-1)?.id ?? after, hasMore: found.length === limit, passedOver };
}

/** `waiting` is compared with a literal, or its index would not be used. */
const search = forPart<Values, Waiting>(({ target, shard, after, take }: Values, isShard) => {
  const before = sql<number>`(select max(earlier.id) from outbox as earlier where earlier.target = outbox.target
    and earlier.order_key = outbox.order_key and earlier.settled_at is null and earlier.id < outbox.id)`;
  return db
    .selectFrom('outbox')
    .select(['id', 'next_attempt_at as due'])
    .select(before.as('before'))
    .where('target', '=', target)
    .$if(isShard, (entries) => entries.where('shard', '=', shard))
    .where('settled_at', 'is', null)
    .where('waiting', '=', sql.lit(1))
    .where('id', '>', after)
    .orderBy('id')
    .limit(take)
    .$castTo<Waiting>();
});
