import type { Clock } from '../../lib/clock.ts';
import { createSteadyTime, type SteadyTime } from '../../lib/steady-time.ts';
import { takeFence } from '../rows/fence.ts';
import { readMark } from '../rows/outbox-time.ts';
import { createRowStore } from '../rows/row-store.ts';
import type { Store } from '../store.ts';
import type { Connection } from './connection.ts';
import { databaseOf } from './database.ts';
import { takeSteps } from './take-steps.ts';

/** The store on an open connection whose layout is current. `fence` is what its commits must carry. */
export function createSqlStore(
  connection: Connection,
  clock: Clock,
  fence: number,
  steady = steadyTimeOf(connection, clock),
): Store {
  return createRowStore(databaseOf(connection), clock, fence, steady);
}

/** Goes on from the time that was kept last. */
export function steadyTimeOf(connection: Connection, clock: Clock): SteadyTime {
  return createSteadyTime(clock, takeSteps(connection, readMark()));
}

/** Takes over: from now on commits with an older fence are refused. */
export function raiseFence(connection: Connection): number {
  return connection.write(() => takeSteps(connection, takeFence()));
}
