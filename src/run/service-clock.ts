import type { Clock } from '../lib/clock.ts';

/** The service's clock as far as we know it: the `Date` header of its latest answer plus elapsed monotonic time. Ours may be wrong. */
export interface ServiceClock {
  now(): number;
  observe(serviceTime: number): void;
  /** Our wall clock minus the service's, in ms; null before the first answer. */
  skewMs(): number | null;
}

export function createServiceClock(clock: Clock): ServiceClock {
  let seen: { readonly serviceTime: number; readonly monotonic: number } | null = null;
  const now = (): number => (seen ? seen.serviceTime + Math.round(clock.monotonic() - seen.monotonic) : clock.now());
  return {
    now,
    observe: (serviceTime) => {
      seen = { serviceTime, monotonic: clock.monotonic() };
    },
    skewMs: () => (seen ? clock.now() - now() : null),
  };
}
