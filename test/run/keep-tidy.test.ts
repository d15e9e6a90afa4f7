import { describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../src/lib/clock.ts';
import { HuntwireError } from '../../src/lib/errors.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { ourServiceClock } from '../../src/run/clock/our-service-clock.ts';
import { createServiceClock, type ServiceClock } from '../../src/run/clock/service-clock.ts';
import { keepTidy, tidyOnce } from '../../src/run/keep-tidy.ts';
import type { Source } from '../../src/sources/source.ts';
import { plantedSource } from './planted-source.ts';

const DAY = 24 * 3_600_000;

function tenantWith(serviceClock: ServiceClock): { serviceClock: ServiceClock; source: Source } {
  return { serviceClock, source: { ...plantedSource({ columns: [], rows: () => [], now: () => 0 }), api: 'graph' } };
}

describe('keepTidy', () => {
  it('tidies now and once a day until it is stopped, whatever fails', async () => {
    const clock = createManualClock(0);
    const stop = new AbortController();
    const days: number[] = [];
    const warnings: unknown[] = [];
    const tidy = async (now: number): Promise<void> => {
      days.push(now / DAY);
      if (days.length === 2) throw new HuntwireError('STATE_BUSY', 'locked');
    };
    const log: Log = { ...silentLog, warn: (_, fields) => warnings.push(fields?.code) };
    const done = keepTidy(
      { store: { tidy }, clock, log, tenants: () => [tenantWith(ourServiceClock(clock))] },
      stop.signal,
    );
    await clock.advance(2.5 * DAY);
    stop.abort();
    await done;
    expect(days).toEqual([0, 1, 2]);
    expect(warnings).toEqual(['STATE_BUSY']);
  });

  it('goes by the clock that is furthest behind, and waits until the service has told its own', async () => {
    const clock = createManualClock(40 * DAY);
    const serviceClock = createServiceClock(clock);
    const times: number[] = [];
    const tidy = async (now: number): Promise<void> => void times.push(now / DAY);
    const deps = { store: { tidy }, clock, log: silentLog, tenants: () => [tenantWith(serviceClock)] };
    expect(await tidyOnce(deps)).toBe(false);
    serviceClock.set(2 * DAY);
    expect(await tidyOnce(deps)).toBe(true);
    clock.jump(-39 * DAY);
    await tidyOnce(deps);
    expect(times).toEqual([2, 1]);
  });

  it('is held up by no tenant whose service tells no time while another has told it', async () => {
    const clock = createManualClock(40 * DAY);
    const [known, silent] = [createServiceClock(clock), createServiceClock(clock)];
    known.set(39 * DAY);
    const times: number[] = [];
    const tidy = async (now: number): Promise<void> => void times.push(now / DAY);
    const deps = { store: { tidy }, clock, log: silentLog, tenants: () => [silent, known].map(tenantWith) };
    expect([await tidyOnce(deps), times]).toEqual([true, [39]]);
  });
});
