import { orAborted } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';

/** A clock that stands still until it is let go, then goes as `base` does. */
export interface HeldClock extends Clock {
  release(): void;
}

/** Holds time while things are opened, so that what is planned for a minute of the demo meets the same minute on any machine. */
export function createHeldClock(base: Clock): HeldClock {
  const begun = base.now();
  let releasedAt: number | null = null;
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const monotonic = (): number => (releasedAt === null ? 0 : base.monotonic() - releasedAt);
  const never = new AbortController().signal;
  return {
    now: () => begun + monotonic(),
    monotonic,
    async sleep(ms, signal) {
      if (releasedAt === null) await orAborted(released, signal ?? never);
      await base.sleep(ms, signal);
    },
    release() {
      releasedAt ??= base.monotonic();
      letGo();
    },
  };
}
