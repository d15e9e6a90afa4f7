import type { Clock } from '../../lib/clock.ts';
import { CONTRADICTION_MS } from './agreement.ts';
import { type ClockEras, createClockEras } from './clock-eras.ts';
import type { ServiceClock } from './service-clock.ts';

/** For sources without a clock of their own, and where our clock is the one that counts: it is set whenever somebody sets ours. */
export function ourServiceClock(clock: Clock, eras: ClockEras = createClockEras(clock)): ServiceClock {
  let settings = 0;
  let offset = clock.now() - clock.monotonic();
  eras.note(clock.now());
  const look = (): void => {
    const moved = clock.now() - clock.monotonic() - offset;
    if (Math.abs(moved) <= CONTRADICTION_MS) return;
    offset += moved;
    settings += 1;
    eras.note(clock.now());
  };
  return {
    now: () => {
      look();
      return clock.now();
    },
    observe: () => undefined,
    set: () => undefined,
    doubt: () => undefined,
    isSure: () => true,
    hasHeard: () => true,
    sampleInMs: () => 0,
    skewMs: () => 0,
    settings: () => {
      look();
      return settings;
    },
    eras,
    listen: () => () => undefined,
  };
}
