import type { Clock } from '../lib/clock.ts';
import { DAY_MS } from '../lib/duration.ts';
import { endsRunner, toHuntwireError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../state/store.ts';

export interface TidyDeps {
  readonly store: Pick<Store, 'tidy'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Removes what is past keeping, now and once a day, until `signal` aborts. */
export async function keepTidy(deps: TidyDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await tidyOnce(deps);
    // The sleep rejects when the work is stopped, which the loop looks at next.
    await deps.clock.sleep(DAY_MS, signal).catch(() => undefined);
  }
}

/** As keepTidy, once. A failure is logged: nothing depends on it, and the next time removes the rest. */
export async function tidyOnce({ store, clock, log }: TidyDeps): Promise<void> {
  try {
    await store.tidy(clock.now());
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (endsRunner(error)) throw error;
    const { code, message } = error;
    log.warn('The state could not be tidied; it is tried again another time.', { code, reason: message });
  }
}
