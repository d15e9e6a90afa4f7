import type { ManualClock } from '../../../src/lib/clock.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import type { QueryEnd } from '../../../src/sources/source.ts';
import { ORIGIN, openBench } from '../bench.ts';
import { plantedSource } from '../planted-source.ts';
import { COLUMNS, T0 } from '../story.ts';

export interface ClockWish {
  /** Our clock minus the service's, in ms. */
  readonly ahead?: number;
  /** What the login host says: the time, that it says nothing, or that it cannot be reached. */
  readonly login?: 'tells' | 'is silent' | 'is away';
  /** How far off the `Date` of the answer to the n-th query is, ms; null: no answer comes. */
  readonly off?: (nth: number) => number | null;
}

/** A tenant whose service has its own, true time: what our clock shows and how it is set does not change it. */
export function clockBench({ ahead = 0, login = 'tells', off = () => 0 }: ClockWish = {}) {
  const asked: number[] = [];
  const away = (): HuntwireError => new HuntwireError('SOURCE_NETWORK', 'no way to the host', { retryable: true });
  const bench = openBench({
    start: T0 + ahead,
    unknownTime: true,
    source: (clock: ManualClock) => {
      const trueNow = (): number => T0 + clock.monotonic() - ORIGIN;
      const source = plantedSource({ columns: COLUMNS, rows: () => [], now: trueNow });
      return {
        ...source,
        greet: async () => {
          if (login === 'is away') throw away();
          return login === 'tells' ? trueNow() + (off(0) ?? 0) : null;
        },
        query: async (request, sink): Promise<QueryEnd> => {
          asked.push((clock.monotonic() - ORIGIN) / 1000);
          const wrong = off(asked.length);
          if (wrong === null) throw away();
          return { ...(await source.query(request, sink)), serviceTime: trueNow() + wrong };
        },
      };
    },
  });
  return { bench, asked, clock: bench.clock, trueNow: () => T0 + bench.clock.monotonic() - ORIGIN };
}
