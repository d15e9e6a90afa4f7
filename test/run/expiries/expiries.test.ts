import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '../../../src/lib/duration.ts';
import { type EndingThing, keepExpiries, tellExpiries } from '../../../src/run/expiries/keep-expiries.ts';
import { setUp } from '../turn-bench.ts';

const thing = (state: EndingThing['state'], subject = 'siem (siem.example:6514)'): EndingThing => ({
  tenant: 'default',
  code: 'expiry',
  subject,
  state,
  message: `it is ${state}`,
});

function start() {
  const { bench, health } = setUp([]);
  const tell = (...found: readonly EndingThing[]) => tellExpiries([bench.tenant], found, bench.deps);
  return { bench, tell, told: () => health().map(({ status, description }) => `${status}: ${description}`) };
}

describe('what expires', () => {
  it('is told once, and resolved when it was renewed', async () => {
    const { tell, told } = start();
    await tell(thing('fine'));
    await tell(thing('ending'));
    await tell(thing('ending'));
    await tell(thing('fine'));
    expect(told()).toEqual(['firing: it is ending', 'resolved: it is fine']);
  });

  it('stands while nobody can see it, as a whole target', async () => {
    const { tell, told } = start();
    await tell(thing('ending'));
    await tell(thing('unknown'));
    await tell(thing('unknown', 'siem'));
    expect(told()).toEqual(['firing: it is ending']);
    await tell(thing('unknown', 'other'));
    expect(told()).toEqual(['firing: it is ending', 'resolved: It is not in use any more.']);
  });

  it('is looked at every day, also behind a look that failed', async () => {
    const { bench } = start();
    const stop = new AbortController();
    let looks = 0;
    const look = async (): Promise<readonly EndingThing[]> => {
      looks += 1;
      if (looks === 1) throw new Error('no such file');
      return [];
    };
    const running = keepExpiries(() => [bench.tenant], look, bench.deps, stop.signal);
    await bench.clock.advance(2 * DAY_MS);
    stop.abort();
    await running;
    expect(looks).toBe(3);
  });
});
