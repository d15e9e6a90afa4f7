import { describe, expect, it } from '@jest/globals';
import { createClockNotes } from '../../../src/run/clock/clock-notes.ts';
import { readSkew } from '../../../src/run/clock/stored-skew.ts';
import { MINUTE, T0 } from '../story.ts';
import { clockBench } from './clock-bench.ts';

function setUp() {
  const { bench, clock } = clockBench();
  const { serviceClock } = bench.tenant;
  const warned: string[] = [];
  const deps = { ...bench.deps, log: { ...bench.deps.log, warn: (message: string) => void warned.push(message) } };
  const notes = createClockNotes(bench.tenant, deps);
  const told = () => bench.told.map(({ health, status }) => `${health?.code} ${status}`);
  const skew = () => readSkew(bench.store.cache, 'default');
  return { bench, clock, serviceClock, deps, notes, told, skew, warned };
}

describe('a clock that nobody knows', () => {
  it('is told after a quarter of an hour, once, and when it is known', async () => {
    const { clock, serviceClock, notes, told } = setUp();
    await clock.advance(15 * MINUTE - 1);
    await notes.keep();
    expect(told()).toEqual([]);
    await clock.advance(1);
    await notes.keep();
    await notes.keep();
    expect(told()).toEqual(['clock-unknown firing']);
    serviceClock.set(T0);
    await notes.keep();
    await notes.keep();
    expect(told()).toEqual(['clock-unknown firing', 'clock-unknown resolved']);
  });

  it('that an earlier process told is over as soon as it is known', async () => {
    const { bench, serviceClock, deps, told } = setUp();
    const about = { tenant: 'default', code: 'clock-unknown', subject: 'default' } as const;
    const record = { ...about, since: T0, alertId: 'a'.repeat(32), revision: 0 };
    await bench.store.commitHealth({ alerts: [], messages: [], health: [{ ...about, record }] });
    serviceClock.set(T0);
    await createClockNotes(bench.tenant, deps).keep();
    expect(told()).toEqual(['clock-unknown resolved']);
  });
});

describe('the skew of our clock', () => {
  it('is kept as soon as it is known, and again where it has moved by more than a second', async () => {
    const { clock, serviceClock, notes, skew } = setUp();
    await notes.keep();
    expect(await skew()).toBeNull();
    serviceClock.set(T0);
    await notes.keep();
    expect(await skew()).toBe(0);
    clock.jump(1000);
    await notes.keep();
    expect(await skew()).toBe(0);
    clock.jump(1);
    await notes.keep();
    expect(await skew()).toBe(1001);
    clock.jump(-2002);
    await notes.keep();
    expect(await skew()).toBe(-1001);
  });

  it('that cannot be kept is said in the log, and the time goes on', async () => {
    const { bench, serviceClock, deps, warned } = setUp();
    const set = () => Promise.reject(new Error('full'));
    const store = { ...deps.store, cache: { ...deps.store.cache, set } };
    serviceClock.set(T0);
    await createClockNotes(bench.tenant, { ...deps, store }).keep();
    expect(warned).toEqual(['what is known of the clock could not be kept']);
  });
});
