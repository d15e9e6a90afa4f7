import type { SteadyMark, SteadyTime } from '../../lib/steady-time.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, change, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';

/** The time that outbox entries and blocked targets wait by; it goes on across restarts. */
export interface OutboxTime {
  now(): number;
  /** The time that was kept last: never ahead of whoever delivers beside this process. */
  kept(): RowSteps<number>;
  /** Inside a transaction that writes such a time: after a crash no wait is longer than what remained of it then. */
  keep(): RowSteps<void>;
}

const NAME = 'outbox-time';

export function createOutboxTime(time: SteadyTime): OutboxTime {
  return {
    now: time.now,
    *kept() {
      return (yield* readMark())?.at ?? time.now();
    },
    keep: () => saveMark(time.mark()),
  };
}

const markQuery = compiledOnce(() => db.selectFrom('meta').select('value').where('name', '=', NAME));
const keepMark = compiledOnce(({ value }: { readonly value: string }) =>
  db
    .insertInto('meta')
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
);

export function* readMark(): RowSteps<SteadyMark | null> {
  const row = (yield* all(markQuery({})))[0];
  return row ? (JSON.parse(row.value) as SteadyMark) : null;
}

function* saveMark(mark: SteadyMark): RowSteps<void> {
  yield* change(keepMark({ value: JSON.stringify(mark) }));
}
