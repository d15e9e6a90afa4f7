import { HuntwireError } from '../../lib/errors.ts';
import type { ServiceClock } from './service-clock.ts';

/** The service's time in epoch ms, for what must not begin before it is known: then SOURCE_CLOCK. */
export function knownTime(serviceClock: Pick<ServiceClock, 'now'>): number {
  const now = serviceClock.now();
  if (now === null)
    throw new HuntwireError('SOURCE_CLOCK', "The service's time is not known yet: nothing can be planned.", {
      retryable: true,
    });
  return now;
}

/**
 * What eras are looked at by: what the clock would say had the machine not slept. Meanwhile it stood, and is behind until it is set anew;
 * by it, all that was before would seem to have been ahead.
 */
export function wakefulTime(clock: Pick<ServiceClock, 'now' | 'eras'>): number {
  return clock.eras.now() ?? knownTime(clock);
}
