import type { Clock } from '../lib/clock.ts';
import { DAY_MS, HOUR_MS } from '../lib/duration.ts';
import { endsRunner, toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Retention, Store } from '../state/store.ts';
import type { Tenant } from './tenant.ts';

export interface TidyDeps {
  readonly store: Pick<Store, 'tidy'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How long what is over is kept; left out: as the state will have it. */
  readonly keep?: () => Retention;
  readonly tenants: () => readonly Pick<Tenant, 'serviceClock' | 'source'>[];
}

/** Removes what is past keeping, at the start and once a day, until `signal` aborts. */
export async function keepTidy(deps: TidyDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const done = await tidyOnce(deps);
    // The sleep rejects when the work is stopped, which the loop looks at next.
    await deps.clock.sleep(done ? DAY_MS : HOUR_MS, signal).catch(() => undefined);
  }
}

/**
 * As keepTidy, once; false where nothing was removed, as no service has told its time. What is old is judged by the clock that is
 * furthest behind: one that is ahead must not throw away what is still needed. A tenant whose service tells none holds up nobody where
 * another's does. A failure is logged: the next time removes the rest.
 */
export async function tidyOnce({ store, clock, log, tenants, keep }: TidyDeps): Promise<boolean> {
  const all = tenants();
  const asked = all.filter(({ source }) => source.api !== 'local');
  if (asked.length > 0 && asked.every(({ serviceClock }) => serviceClock.now() === null)) return false;
  const known = all.map(({ serviceClock }) => serviceClock.now()).filter((time) => time !== null);
  try {
    await store.tidy(Math.min(clock.now(), ...known), keep?.());
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (endsRunner(error)) throw error;
    const { code, message } = error;
    log.warn('The state could not be tidied; it is tried again another time.', { code, reason: message });
  }
  return true;
}
