import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import { daemon } from './daemon-bench.ts';
import { makeRule } from './make-rule.ts';
import { DAY, HOUR, MINUTE, T0 } from './story.ts';

const SECOND = 1000;
const every = (everyMs: number, over: Partial<RunnableRule> = {}) =>
  makeRule({ schedule: { kind: 'every', everyMs, lookbackMs: null }, lookbackMs: everyMs, ...over });
const reset = () => new HuntwireError('SOURCE_NETWORK', 'reset', { retryable: true });
const refused = () => Promise.reject(new HuntwireError('SOURCE_QUERY_INVALID', 'no such column'));

describe('a rule', () => {
  it('runs at its times, to the millisecond, wherever in a minute they lie', async () => {
    const rule = every(7 * MINUTE + 1234);
    const times: number[] = [];
    for (let time = timetableOf(rule).next(T0); time !== null && times.length < 5; time = timetableOf(rule).next(time))
      times.push(time - T0);
    const { clock, calls, end } = await daemon({ rules: [rule] });
    await clock.advance(times.at(-1) ?? 0);
    await end();
    expect(calls.map(({ at }) => at)).toEqual([0, ...times]);
  });

  it('goes as soon as the quota has room again', async () => {
    const { clock, calls, end } = await daemon({ rules: [makeRule()], pausedMs: 7 * SECOND });
    await clock.advance(MINUTE);
    await end();
    expect(calls.map(({ at }) => at)).toEqual([7 * SECOND]);
  });

  it('is not late any more once it has run', async () => {
    const { clock, told, end } = await daemon({ rules: [makeRule()], pausedMs: 5 * HOUR });
    await clock.advance(7 * HOUR);
    expect(told()).toEqual(['rule-lagging rule firing', 'rule-lagging rule resolved']);
    await end();
  });
});

describe('what waits for a length of time', () => {
  /** A rule of a day that fails at first; when it was asked again, in minutes, where our clock is set by so much meanwhile. */
  const askedAgain = async (jumpMs: number): Promise<readonly number[]> => {
    let failures = 3;
    const { clock, calls, end } = await daemon({
      rules: [every(DAY)],
      query: async (_, sink) => {
        failures -= 1;
        if (failures >= 0) throw reset();
        sink.schema([]);
        return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
      },
    });
    await clock.advance(3 * MINUTE + 30 * SECOND);
    clock.jump(jumpMs);
    await clock.advance(10 * MINUTE);
    await end();
    return calls
      .filter(({ rule }) => rule === 'rule')
      .map(({ at }) => (at > jumpMs + MINUTE ? at - jumpMs : at) / MINUTE);
  };

  it('goes on where our clock is set back, and does not wait longer', async () => {
    expect((await askedAgain(-HOUR)).at(-1)).toBe(7);
  });

  it('has waited as long as the machine slept', async () => {
    const [first, second, third, fourth = 0] = await askedAgain(HOUR);
    expect([first, second, third]).toEqual([0, 1, 3]);
    expect(fourth).toBeLessThan(5);
  });
});

describe('a rule whose L stays behind what is covered', () => {
  it('for longer than an interval has the service’s clock asked for', async () => {
    const ahead = { now: 0 };
    const { bench, clock, calls, end } = await daemon({ rules: [every(10 * SECOND)], ahead: () => ahead.now });
    await bench.turn(every(10 * SECOND), 'due', null);
    await bench.clock.advance(0);
    const state = await bench.store.ruleState('default', 'rule');
    if (!state) throw new Error('it has run');
    const { lastRun, ...rule } = state;
    const run = { ...(lastRun as NonNullable<typeof lastRun>), runId: 'ahead' };
    const nothing = { keys: [], alerts: [], messages: [], quiet: [], health: [], firing: [], forgetBefore: null };
    const about = { fence: bench.store.fence, tenant: 'default', ruleId: 'rule' };
    await bench.store.commit({ ...about, ...nothing, rule: { ...rule, frontier: T0 + 50 * SECOND }, run });
    await clock.advance(MINUTE);
    expect(calls.some(({ rule: id }) => id === 'clock')).toBe(true);
    await end();
  });

  it('does not where it rests', async () => {
    const { clock, calls, end } = await daemon({ rules: [every(10 * MINUTE)], query: refused });
    await clock.advance(3 * HOUR);
    await end();
    expect(calls.map(({ rule }) => rule)).toEqual(Array(calls.length).fill('rule'));
    expect(calls.length).toBeLessThanOrEqual(4);
  });
});
