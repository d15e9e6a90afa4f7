import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { lagOf, oldestUnanswered } from '../../src/run/lag.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import { delayOf } from '../../src/run/windows.ts';
import { makeRule } from './make-rule.ts';
import { EVENT, HOUR, T0 } from './story.ts';
import { setUp } from './turn-bench.ts';

const longRule = makeRule({ lookbackMs: 12 * HOUR }, { identity: EVENT });

/** A bench whose service answers or throttles, and how many hours a rule is behind at its present. */
function benchOf() {
  const service = { throttles: true };
  const { bench } = setUp([], () =>
    service.throttles
      ? new HuntwireError('SOURCE_THROTTLED', 'slow down', { retryable: true, retryAfterMs: 1000 })
      : null,
  );
  const lagHours = async (rule: RunnableRule = longRule): Promise<number | null> => {
    const state = await bench.store.ruleState('default', rule.id);
    const delayMs = delayOf(rule, bench.deps.settings);
    const unanswered = state && oldestUnanswered(rule.effectiveShape, state, timetableOf(rule), delayMs);
    return unanswered === null ? null : Math.floor(lagOf(unanswered, bench.clock.now()) / HOUR);
  };
  const turn = (rule: RunnableRule, lane: 'due' | 'backlog' = 'due') =>
    bench.turn(rule, lane, timetableOf(rule).latest(bench.clock.now()));
  const hourLater = async (rule: RunnableRule = longRule) => {
    await bench.clock.advance(HOUR);
    return turn(rule);
  };
  return { bench, service, lagHours, turn, hourLater };
}

describe('a stream whose first run is throttled', () => {
  it('lags since that run was due, however far its window reaches back', async () => {
    const { turn, lagHours, hourLater } = benchOf();
    await turn(longRule);
    expect(await lagHours()).toBe(0);
    await hourLater();
    await hourLater();
    expect(await lagHours()).toBe(2);
  });

  it('lags so, too, while older pieces of that window wait behind an answer', async () => {
    const { bench, service, lagHours, turn, hourLater } = benchOf();
    await turn(longRule);
    await hourLater();
    service.throttles = false;
    await hourLater();
    const state = await bench.store.ruleState('default', longRule.id);
    expect(state?.ledger).toMatchObject([{ outcome: 'pending', to: (state?.frontier ?? 0) - longRule.lookbackMs }]);
    expect(await lagHours()).toBe(2);
    await turn(longRule, 'backlog');
    expect(await lagHours()).toBe(0);
  });

  it('counts an outage after its first answer from its begin', async () => {
    const { service, lagHours, turn, hourLater } = benchOf();
    service.throttles = false;
    await turn(longRule);
    service.throttles = true;
    for (let hour = 0; hour < 4; hour += 1) await hourLater();
    expect(await lagHours()).toBe(3);
  });
});

it('a set that became a stream counts what waited from when it was due', async () => {
  const { service, lagHours, turn, hourLater } = benchOf();
  const set = makeRule({ effectiveShape: 'set', lookbackMs: 12 * HOUR }, { shape: 'set' });
  service.throttles = false;
  await turn(set);
  service.throttles = true;
  await hourLater(set);
  await hourLater(longRule);
  expect(await lagHours()).toBe(1);
});

it('a first run of a clock that was ahead hides no lag', () => {
  const state = { frontier: T0, firstTime: T0 + 24 * HOUR, ledger: [] };
  const schedule = { kind: 'cron', cron: '0 * * * *', timezone: 'UTC', lookbackMs: null } as const;
  const hourly = timetableOf(makeRule({ schedule }));
  const waiting = {
    id: 'w',
    from: T0 - 3 * HOUR,
    to: T0,
    logicalTime: T0,
    attempts: 0,
    outcome: 'pending',
    reason: null,
  } as const;
  expect(oldestUnanswered('stream', { ...state, ledger: [waiting] }, hourly, 0)).toBe(T0 - 2 * HOUR);
});
