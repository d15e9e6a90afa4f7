import { describe, expect, it } from '@jest/globals';
import { tellHealth } from '../../src/run/tell-health.ts';
import { HOUR, T0 } from './story.ts';
import { setUp } from './turn-bench.ts';

const about = {
  code: 'clock-unknown',
  subject: 'default',
  message: 'Nobody knows.',
  again: false,
  rule: null,
} as const;

describe('a condition that no run found', () => {
  it('is told when it begins and when it is over, and otherwise nothing is written', async () => {
    const { bench, health } = setUp([]);
    let commits = 0;
    const committed = (): void => {
      commits += 1;
    };
    const deps = { ...bench.deps, committed };
    const tell = (firing: boolean) => tellHealth(bench.tenant, [{ ...about, firing }], deps);
    await tell(false);
    expect([health(), commits]).toEqual([[], 0]);
    await tell(true);
    await tell(true);
    expect([health().map(({ status }) => status), commits]).toEqual([['firing'], 1]);
    expect(health()[0]).toMatchObject({ source: 'graph', time: '2026-01-10T12:00:00Z' });
    await bench.clock.advance(HOUR);
    await tell(false);
    expect([health().map(({ status, revision }) => [status, revision]), commits]).toEqual([
      [
        ['firing', 0],
        ['resolved', 1],
      ],
      2,
    ]);
    expect(await bench.store.pendingTargets()).toEqual(['soar']);
  });

  it('is not looked up where there is none', async () => {
    const { bench } = setUp([]);
    const openHealth = () => Promise.reject(new Error('asked'));
    await tellHealth(bench.tenant, [], { ...bench.deps, store: { ...bench.deps.store, openHealth } });
  });

  it('bears our own time where the service’s is not known', async () => {
    const { bench, health } = setUp([]);
    const serviceClock = { ...bench.tenant.serviceClock, now: () => null };
    await bench.clock.advance(HOUR);
    await tellHealth({ ...bench.tenant, serviceClock }, [{ ...about, firing: true }], bench.deps);
    expect(Date.parse(health()[0]?.time ?? '')).toBe(T0 + HOUR);
  });
});
