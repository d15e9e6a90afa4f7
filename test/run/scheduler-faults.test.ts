import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import { keepClock } from '../../src/run/clock/keep-clock.ts';
import { knownTime } from '../../src/run/clock/known-time.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import { takeTurn } from '../../src/run/turn.ts';
import { clockBench } from './clock/clock-bench.ts';
import { daemon } from './daemon-bench.ts';
import { makeRule } from './make-rule.ts';
import { COLUMNS, DAY, HOUR, MINUTE, T0 } from './story.ts';
import { setUp } from './turn-bench.ts';

const full = () => new HuntwireError('STATE_FULL', 'the disk is full', { retryable: true });

describe('a daemon whose state cannot be written', () => {
  it('says so with each try, takes the same turn again in a minute, and ends nothing', async () => {
    let fails = 2;
    const { bench, clock, calls, logged, end } = await daemon({
      rules: [makeRule()],
      beforeCommit: () => {
        fails -= 1;
        if (fails >= 0) throw full();
      },
    });
    await clock.advance(10 * MINUTE);
    expect(calls.map(({ at }) => at / MINUTE)).toEqual([0, 1, 2]);
    expect(logged).toEqual(Array(2).fill('run left nothing behind | rule | STATE_FULL'));
    expect((await bench.store.ruleState('default', 'rule'))?.standing).toBe('ok');
    await end();
  });

  it('admits no call while the meter cannot, and looks again in a minute', async () => {
    let fails = 2;
    const world = await daemon({
      rules: [makeRule()],
      meter: ({ admit }) => ({
        admit: async (lane) => {
          fails -= 1;
          if (fails >= 0) throw full();
          return admit(lane);
        },
      }),
    });
    await world.clock.advance(10 * MINUTE);
    expect(world.calls.map(({ at }) => at / MINUTE)).toEqual([2]);
    expect(world.logged).toEqual(Array(2).fill('no call could be admitted | STATE_FULL'));
    await world.end();
  });

  it('goes on where the admission of a turn that asked nothing cannot be returned', async () => {
    const everyMs = 15 * MINUTE;
    const { clock, logged, end, calls } = await daemon({
      rules: [makeRule({ schedule: { kind: 'every', everyMs, lookbackMs: null }, lookbackMs: everyMs })],
      query: () => Promise.reject(new HuntwireError('SOURCE_QUERY_INVALID', 'no such column')),
      meter: ({ release }) => ({ release: (call) => release(call).then(() => Promise.reject(full())) }),
    });
    await clock.advance(2 * HOUR);
    expect(calls).toHaveLength(2);
    expect(logged.length).toBeGreaterThan(4);
    expect(new Set(logged)).toEqual(new Set(['an admission could not be returned | STATE_FULL']));
    await end();
  });

  it.each(['STATE_FENCED', 'STATE_GONE'] as const)('ends with %s, whatever it finds that at', async (code) => {
    const world = await daemon({
      rules: [makeRule()],
      meter: () => ({ admit: () => Promise.reject(new HuntwireError(code, 'over')) }),
    });
    const done = expect(world.done).rejects.toMatchObject({ code });
    await world.clock.advance(1);
    await done;
    expect(world.logged).toEqual([`no call could be admitted | ${code}`]);
  });
});

describe('the clock, while the meter cannot be asked', () => {
  it('is said in the log, and asked for again in a minute', async () => {
    const { bench, clock, asked } = clockBench({ login: 'is silent' });
    let fails = 2;
    const admitClock: typeof bench.tenant.meter.admitClock = async () => {
      fails -= 1;
      if (fails >= 0) throw full();
      return bench.tenant.meter.admitClock();
    };
    const warned: string[] = [];
    const log = { ...bench.deps.log, warn: (message: string) => void warned.push(message) };
    const stop = new AbortController();
    const tenant = { ...bench.tenant, meter: { ...bench.tenant.meter, admitClock } };
    const done = keepClock(tenant, { ...bench.deps, log }, stop.signal);
    await clock.advance(10 * MINUTE);
    expect([warned, asked]).toEqual([Array(2).fill("the service's clock could not be asked"), [120]]);
    stop.abort();
    await clock.advance(0);
    await done;
  });
});

describe('a run that was given up, because the clock was set back by a day while it went on', () => {
  it('goes on with the next time of its rule, and not when that day has passed', async () => {
    let answer = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { bench, clock, calls, logged, end } = await daemon({
      rules: [makeRule()],
      query: async (_, sink) => {
        if (calls.length === 2) await waits;
        sink.schema(COLUMNS);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    const { serviceClock } = bench.tenant;
    await clock.advance(MINUTE);
    serviceClock.set(clock.now() + DAY);
    await clock.advance(MINUTE);
    serviceClock.set(clock.now());
    await clock.advance(MINUTE);
    answer();
    await clock.advance(2 * HOUR);
    expect(logged).toEqual(['run left nothing behind | rule | SOURCE_CLOCK']);
    const due = bench.commits.filter(({ run }) => run.lane === 'due').map(({ run }) => run.logicalTime);
    expect(due.map((time) => (time - (due[0] ?? 0)) / HOUR)).toEqual([0, 1, 2]);
    await end();
  });
});

describe('a time that is not known', () => {
  it('stops what must not begin before it is, and may be known another time', () => {
    const thrown = (() => {
      try {
        return knownTime({ now: () => null });
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({ code: 'SOURCE_CLOCK', retryable: true });
    expect(knownTime({ now: () => 0 })).toBe(0);
  });

  it('and was set back while a run went on makes that run void, unless by no more than a minute', async () => {
    const takenWith = async (backMs: number) => {
      const { bench } = setUp([]);
      const { serviceClock } = bench.tenant;
      let committed = false;
      const store = {
        ...bench.deps.store,
        commit: async () => {
          committed = true;
        },
        openHealth: async () => {
          serviceClock.set(T0 - 2 * MINUTE - backMs);
          return [];
        },
      };
      const rule = makeRule();
      const turn = {
        tenant: bench.tenant,
        rule,
        timetable: timetableOf(rule),
        kind: 'due',
        scheduledAt: null,
      } as const;
      const options = { admit: async () => 0, signal: new AbortController().signal, dryRun: false };
      const outcome = await takeTurn(turn, options, { ...bench.deps, store }).then(
        () => null,
        (error: unknown) => error,
      );
      return { outcome, committed };
    };
    expect(await takenWith(MINUTE)).toEqual({ outcome: null, committed: true });
    expect(await takenWith(MINUTE + 1)).toMatchObject({
      outcome: { code: 'SOURCE_CLOCK', retryable: true },
      committed: false,
    });
  });
});
