import { describe, expect, it } from '@jest/globals';
import { openDesk } from '../../../src/run/desk/desk.ts';
import { tellOthers } from '../../../src/run/desk/tell-others.ts';
import { MINUTE } from '../story.ts';
import { setUp } from '../turn-bench.ts';

/** A tenant whose service refuses calls although hardly any of ours were made. */
async function openShared() {
  const { bench, health } = setUp([]);
  const { clock, tenant } = bench;
  const refuse = async () => {
    await tenant.meter.pause(MINUTE, { of: 'calls', allowed: null });
    await clock.advance(MINUTE);
  };
  const start = () => openDesk(tenant, bench.deps);
  const lookFor = async (desk: ReturnType<typeof start>, minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      await tellOthers(desk);
      await clock.advance(MINUTE);
    }
  };
  const told = () => health().map(({ status, health: of }) => `${status} ${of?.code} ${of?.subject}`);
  return { bench, refuse, start, lookFor, told, health };
}

const FIRING = 'firing quota-shared default';
const RESOLVED = 'resolved quota-shared default';

describe('a quota that others use up', () => {
  it('is told at the second refusal in a row, once, and resolved when calls go at full pace again', async () => {
    const { refuse, start, lookFor, told, health } = await openShared();
    const desk = start();
    await lookFor(desk, 2);
    await refuse();
    await lookFor(desk, 1);
    expect(told()).toEqual([]);
    await refuse();
    await lookFor(desk, 5);
    expect(told()).toEqual([FIRING]);
    expect(health()[0]?.description).toMatch(/Rules go at 3\d % of the configured pace/);
    await lookFor(desk, 20);
    expect(told()).toEqual([FIRING, RESOLVED]);
  });

  it('is no news where it was one refusal, nor where the calls were ours', async () => {
    const { bench, refuse, start, lookFor, told } = await openShared();
    const desk = start();
    await refuse();
    await lookFor(desk, 30);
    expect(told()).toEqual([]);
    const usage = async () => ({ ...(await bench.tenant.meter.usage()), slowedBy: 'calls' as const, pace: 0.1 });
    const own = openDesk({ ...bench.tenant, meter: { ...bench.tenant.meter, usage } }, bench.deps);
    await lookFor(own, 20);
    expect(told()).toEqual([]);
  });

  it('is over after a restart where it is over', async () => {
    const { refuse, start, lookFor, told, bench } = await openShared();
    const desk = start();
    await refuse();
    await refuse();
    await lookFor(desk, 1);
    expect(told()).toEqual([FIRING]);
    await bench.clock.advance(60 * MINUTE);
    await lookFor(start(), 1);
    expect(told()).toEqual([FIRING, RESOLVED]);
  });
});
