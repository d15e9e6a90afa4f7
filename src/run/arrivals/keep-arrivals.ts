import { DAY_MS, HOUR_MS } from '../../lib/duration.ts';
import { type ErrorCode, endsRunner, toHuntwireError } from '../../lib/errors.ts';
import { longestSleep, type RunDeps, type Tenant } from '../tenant.ts';
import type { ArrivalBook } from './arrival-book.ts';
import { type ArrivalTable, arrivalTables, latestLook } from './arrival-tables.ts';
import { type ArrivalLook, lookAtArrivals, resolveUnwatched } from './look-at-arrivals.ts';

/** Failures that speak of the table: it is asked again a day later, others within the hour. */
const OF_TABLE: ReadonlySet<ErrorCode> = new Set([
  'SOURCE_QUERY_INVALID',
  'SOURCE_TABLE_MISSING',
  'SOURCE_PERMISSION',
  'SOURCE_LICENSE',
  'SOURCE_TIMEOUT',
  'SOURCE_LIMITS_EXCEEDED',
]);

interface Looking extends ArrivalLook {
  /** Until when a table rests that could not be asked, monotonic ms. */
  readonly rests: Map<string, number>;
}

/** Looks once a day, in the lowest lane, at how the rows of each table arrive, until `signal` aborts. Never rejects. */
export async function keepArrivals(
  tenant: Tenant,
  book: ArrivalBook,
  deps: RunDeps,
  signal: AbortSignal,
): Promise<void> {
  const look: Looking = { tenant, book, deps, signal, rests: new Map() };
  let rules: Tenant['rules'] | null = null;
  while (!signal.aborted) {
    const tables = arrivalTables(tenant.rules, tenant.source.arrival?.timeColumns);
    for (const table of tables) if (!signal.aborted) await lookWhereDue(look, table);
    if (rules !== tenant.rules && !(await attempt(look, null, () => resolveUnwatched(look, tables))))
      rules = tenant.rules;
    await deps.clock.sleep(Math.min(HOUR_MS, longestSleep(deps)), signal).catch(() => undefined);
  }
}

/** A table that is new is looked at from then on. */
async function lookWhereDue(look: Looking, { table, ...own }: ArrivalTable): Promise<void> {
  const { tenant, book, deps, rests } = look;
  const { clock } = deps;
  if ((rests.get(table) ?? Number.NEGATIVE_INFINITY) > clock.monotonic()) return;
  const failure = await attempt(look, table, async () => {
    const before = await book.note(table);
    const now = tenant.serviceClock.now();
    if (now === null) return;
    const to = latestLook(tenant.name, table, now);
    const isKnown = before !== null && before.countedTo <= now;
    if (!isKnown) await book.keep(table, { countedTo: to, probedAt: null, stampedSince: null });
    else if (before.countedTo < to)
      await book.keep(table, await lookAtArrivals(look, { table, ...own }, { before, to }));
  });
  if (failure) rests.set(table, clock.monotonic() + (OF_TABLE.has(failure) ? DAY_MS : HOUR_MS));
}

/** Gives the code of what went wrong. What the state cannot do any more ends the desk beside this one. */
async function attempt(
  { tenant, deps, signal }: ArrivalLook,
  table: string | null,
  work: () => Promise<void>,
): Promise<ErrorCode | null> {
  try {
    await work();
    return null;
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    const { code, message } = error;
    if (!signal.aborted && !endsRunner(error))
      deps.log.warn('how rows arrive could not be looked at', { tenant: tenant.name, table, code, reason: message });
    return code;
  }
}
