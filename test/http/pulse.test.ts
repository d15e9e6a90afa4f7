import { describe, expect, it } from '@jest/globals';
import { createPulse } from '../../src/http/pulse.ts';
import { createManualClock } from '../../src/lib/clock.ts';

describe('a pulse', () => {
  it('names the parts that beat once and have not for too long; the clock that people set changes nothing', async () => {
    const clock = createManualClock(0);
    const pulse = createPulse(clock);
    expect(pulse.silent(1000)).toEqual([]);
    pulse.beat('runs');
    pulse.beat('deliveries');
    await clock.advance(1000);
    clock.jump(3_600_000);
    expect(pulse.silent(1000)).toEqual([]);
    pulse.beat('runs');
    await clock.advance(1);
    expect(pulse.silent(1000)).toEqual(['deliveries']);
    pulse.beat('deliveries');
    expect(pulse.silent(1000)).toEqual([]);
  });
});
