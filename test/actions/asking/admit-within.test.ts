import { describe, expect, it } from '@jest/globals';
import { admitWithin } from '../../../src/actions/asking/admit-within.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import type { Admission } from '../../../src/sources/quota/quota-meter.ts';

const WAIT: Admission = { kind: 'wait', waitMs: 30_000, reason: 'paused' };

function meterOf(...answers: readonly Admission[]) {
  const left = [...answers];
  return { admit: async () => left.shift() ?? WAIT };
}

function asked(clock = createManualClock(0)) {
  return { clock, tenant: 'acme', lane: 'low', patienceMs: 60_000, signal: new AbortController().signal } as const;
}

describe('a call of a person', () => {
  it('goes at once where there is room, and after the wait where there is none yet', async () => {
    expect(await admitWithin(meterOf({ kind: 'go', call: 7 }), asked())).toBe(7);
    const clock = createManualClock(0);
    const waits: string[] = [];
    const onWait = (_: number, text: string): void => void waits.push(text);
    const admitted = admitWithin(meterOf(WAIT, { kind: 'go', call: 8 }), { ...asked(clock), onWait });
    await clock.advance(30_000);
    expect([await admitted, waits]).toEqual([8, ['30s']]);
  });

  it('is given up where its patience would end before', async () => {
    const clock = createManualClock(0);
    const refused = expect(admitWithin(meterOf(), asked(clock))).rejects.toMatchObject({
      code: 'SOURCE_QUOTA',
      retryAfterMs: 30_000,
      message: expect.stringContaining('acme'),
    });
    await clock.advance(60_000);
    await refused;
  });
});
