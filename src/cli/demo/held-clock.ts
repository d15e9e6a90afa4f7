import { orAborted } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';

/** A clock that can be made to stand still, then goes on as `base` does. */
export interface HeldClock extends Clock {
  /** Stops time, until it was released as many times as it was held. */
  hold(): void;
  release(): void;
}

/** A clock that stands still from the beginning on, until its first release. */
export function createHeldClock(base: Clock): HeldClock {
  const begun = base.now();
  const pause = createPause();
  let holds = 1;
  let passed = 0;
  let since = 0;
  pause.begin();
  const monotonic = (): number => (holds > 0 ? passed : passed + base.monotonic() - since);
  const never = new AbortController().signal;
  return {
    now: () => begun + monotonic(),
    monotonic,
    async sleep(ms, signal) {
      const due = monotonic() + ms;
      do {
        await orAborted(pause.over(), signal ?? never);
        await base.sleep(Math.max(0, due - monotonic()), signal);
      } while (monotonic() < due);
    },
    hold() {
      passed = monotonic();
      holds += 1;
      if (holds === 1) pause.begin();
    },
    release() {
      if (holds === 1) since = base.monotonic();
      holds = Math.max(0, holds - 1);
      if (holds === 0) pause.end();
    },
  };
}

interface Pause {
  begin(): void;
  end(): void;
  /** Resolves when it is over; at once where there is none. */
  over(): Promise<void>;
}

function createPause(): Pause {
  let over = Promise.resolve();
  let end: () => void = () => undefined;
  return {
    begin() {
      over = new Promise((resolve) => {
        end = resolve;
      });
    },
    end: () => end(),
    over: () => over,
  };
}
