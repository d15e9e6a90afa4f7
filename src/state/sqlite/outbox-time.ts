import type { Clock } from '../../lib/clock.ts';
import { createSteadyTime, type SteadyMark, type SteadyTime } from '../../lib/steady-time.ts';
import type { Connection } from './connection.ts';
import { compiledOnce } from './statement.ts';
import { db } from './tables.ts';

/** The time that outbox entries and blocked targets wait by; it goes on across restarts. */
export interface OutboxTime {
  now(): number;
  /** The time that was kept last: never ahead of whoever delivers beside this process. */
  kept(): number;
  /** Inside a transaction that writes such a time: after a crash no wait is longer than what remained of it then. */
  keep(): void;
}

const NAME = 'outbox-time';

/** Goes on from the time that was kept last. */
export function steadyTimeOf(connection: Connection, clock: Clock): SteadyTime {
  return createSteadyTime(clock, readMark(connection));
}

export function createOutboxTime(connection: Connection, time: SteadyTime): OutboxTime {
  return {
    now: time.now,
    kept: () => readMark(connection)?.at ?? time.now(),
    keep: () => saveMark(connection, time.mark()),
  };
}

const markQuery = compiledOnce(() => db.selectFrom('meta').select('value').where('name', '=', NAME).compile());
const keepMark = compiledOnce(({ value }: { readonly value: string }) =>
  db
    .insertInto('meta')
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .compile(),
);

function readMark(connection: Connection): SteadyMark | null {
  const row = connection.all(markQuery({}))[0];
  return row ? (JSON.parse(row.value) as SteadyMark) : null;
}

function saveMark(connection: Connection, mark: SteadyMark): void {
  connection.run(keepMark({ value: JSON.stringify(mark) }));
}
