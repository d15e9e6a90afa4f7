import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { HuntwireError } from '../../src/lib/errors.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { applyRuleEdits } from '../../src/run/rule-edits.ts';
import { runSchedule } from '../../src/run/scheduler.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Commit, RuleState } from '../../src/state/store.ts';
import { SAMPLE_STATE, sampleCommit, sampleRun } from '../state/samples.ts';
import { daemon } from './daemon-bench.ts';
import { makeRule } from './make-rule.ts';
import { COLUMNS, HOUR, MINUTE, T0 } from './story.ts';

const SECOND = 1000;

/** What an earlier process left of a rule. */
function leftOf(rule: RunnableRule, tenant: string, over: Partial<RuleState>): Commit {
  const { trait } = applyRuleEdits(rule, null, T0, DEFAULT_WINDOW_SETTINGS);
  const run = sampleRun(`${tenant}-${rule.id}`, { tenant, ruleId: rule.id });
  const state = { ...SAMPLE_STATE, frontier: T0, ruleTrait: trait, ...over };
  return sampleCommit({ fence: 1 }, { tenant, ruleId: rule.id, rule: state, run });
}

describe('a start beside a full quota', () => {
  const rule = makeRule();
  const off = makeRule({ id: 'off', status: 'disabled' });
  const lagging = { frontier: T0 - 10 * HOUR };

  it('tells which rules have not got their turn two intervals and a quarter of an hour later, of its own tenant and not of those that are off', async () => {
    const commits = [leftOf(rule, 'default', lagging), leftOf(off, 'default', lagging), leftOf(rule, 'other', {})];
    const { clock, told, calls, end } = await daemon({ rules: [rule, off], commits, pausedMs: 6 * HOUR });
    await clock.advance(2 * HOUR + 14 * MINUTE);
    expect(told()).toEqual([]);
    await clock.advance(2 * MINUTE);
    expect([told(), calls]).toEqual([['rule-lagging rule firing'], []]);
    await end();
  });

  it('tells which failed before it and were not tried since', async () => {
    const failing = { standing: 'failing', failingSince: T0 - HOUR } as const;
    const { clock, told, end } = await daemon({
      rules: [rule],
      commits: [leftOf(rule, 'default', failing)],
      pausedMs: HOUR,
    });
    await clock.advance(1);
    expect(told()).toEqual(['rule-failing rule firing']);
    await end();
  });

  it('looks once a minute, however often it wakes', async () => {
    const commits = [leftOf(rule, 'default', lagging)];
    const looks = new Set<number>();
    const world = await daemon({ rules: [], commits });
    await world.end();
    const { store } = world.bench;
    const openHealth: typeof store.openHealth = () => {
      looks.add((world.clock.now() - T0) / MINUTE);
      return store.openHealth();
    };
    const deps = { ...world.bench.deps, longestSleepMs: 10 * SECOND, store: { ...store, openHealth } };
    await world.bench.tenant.meter.pause(6 * HOUR);
    const stop = new AbortController();
    const done = runSchedule({ ...world.bench.tenant, rules: [rule] }, deps, stop.signal);
    const late = 2 * HOUR + 15 * MINUTE;
    await world.clock.advance(late + 5 * MINUTE);
    // One look finds out that nothing is told any more; then only what is late is looked at.
    expect([...looks]).toEqual([0, 1, 2, 3, 4, 5].map((minute) => (minute === 0 ? 0 : late / MINUTE + minute)));
    stop.abort();
    await world.clock.advance(0);
    await done;
  });

  it('tells later what comes to lag while it waits', async () => {
    const { clock, told, end } = await daemon({ rules: [rule], pausedMs: 6 * HOUR });
    await clock.advance(HOUR);
    expect(told()).toEqual([]);
    await clock.advance(3 * HOUR);
    expect(told()).toEqual(['rule-lagging rule firing']);
    await end();
  });
});

describe('a start', () => {
  it('writes down which rules are off', async () => {
    const off = makeRule({ status: 'disabled' });
    const { bench, clock, end } = await daemon({ rules: [off], commits: [leftOf(makeRule(), 'default', {})] });
    await clock.advance(1);
    const state = await bench.store.ruleState('default', 'rule');
    expect(JSON.parse(state?.ruleTrait ?? '')).toMatchObject({ status: 'disabled' });
    expect(state?.lastRun).toMatchObject({ outcome: 'skipped', calls: 0 });
    await end();
  });

  it('that is ended before the time is known ends, and has asked nothing', async () => {
    const query: Source['query'] = () => Promise.reject(new HuntwireError('SOURCE_NETWORK', 'away'));
    const { bench, end, seen } = await daemon({
      rules: [makeRule()],
      unknownTime: true,
      query,
      ahead: () => 24 * HOUR,
    });
    await end();
    expect(seen.isOver).toBe(true);
    expect(await bench.store.ruleStates()).toEqual([]);
  });
});

describe('a due turn', () => {
  it('waits until the service’s clock has reached its time, also where that is corrected on the way', async () => {
    let behind = 0;
    const every = (id: string, minutes: number) =>
      makeRule({
        id,
        schedule: { kind: 'every', everyMs: minutes * MINUTE, lookbackMs: null },
        lookbackMs: minutes * MINUTE,
      });
    const { clock, calls, end } = await daemon({
      rules: [every('hourly', 60), every('often', 5)],
      ahead: () => -behind,
    });
    await clock.advance(1);
    behind = 30 * SECOND;
    await clock.advance(3 * HOUR);
    await end();
    const hourly = calls.filter(({ rule }) => rule === 'hourly').map(({ at }) => (at % MINUTE) / SECOND);
    const [first, ...later] = hourly;
    expect(first).toBe(0);
    expect(new Set(later).size).toBe(1);
    expect(later).toHaveLength(3);
    const grid = calls.filter(({ rule }) => rule === 'often').map(({ at }) => at % MINUTE);
    expect(new Set(grid.slice(2)).size).toBe(1);
  });
});

describe('the end', () => {
  const hangs: Source['query'] = (request) =>
    new Promise((_, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason));
    });

  it('waits twenty seconds for what runs and breaks it off then, which is no fault', async () => {
    const { bench, clock, stop, seen, done, logged } = await daemon({ rules: [makeRule()], query: hangs });
    await clock.advance(1);
    stop.abort();
    await clock.advance(20 * SECOND - 1);
    expect(seen.isOver).toBe(false);
    await clock.advance(1);
    expect(seen.isOver).toBe(true);
    await done;
    expect([logged, await bench.store.ruleStates()]).toEqual([[], []]);
  });

  it('keeps what a run brings until then, and waits no longer', async () => {
    let answer: (() => void) | null = null;
    const query: Source['query'] = async (_, sink) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      sink.schema(COLUMNS);
      return { rows: 0, truncated: false, bytes: 0, elapsedMs: 1, serviceTime: null };
    };
    const { bench, clock, stop, seen, done } = await daemon({ rules: [makeRule()], query });
    await clock.advance(1);
    stop.abort();
    await clock.advance(5 * SECOND);
    expect(seen.isOver).toBe(false);
    (answer as (() => void) | null)?.();
    await clock.advance(0);
    await done;
    expect(await bench.store.ruleStates()).toMatchObject([
      { ruleId: 'rule', state: { standing: 'ok', lastRun: { outcome: 'ok' } } },
    ]);
  });

  it('leaves nobody who listens', async () => {
    const listening = { count: 0 };
    const world = await daemon({ rules: [makeRule()] });
    await world.end();
    const { tenant } = world.bench;
    const listen: typeof tenant.serviceClock.listen = (listener) => {
      listening.count += 1;
      const unlisten = tenant.serviceClock.listen(listener);
      return () => {
        listening.count -= 1;
        unlisten();
      };
    };
    const stop = new AbortController();
    const watched = { ...tenant, rules: [makeRule()], serviceClock: { ...tenant.serviceClock, listen } };
    const commit = () => Promise.reject(new HuntwireError('STATE_FENCED', 'another runs'));
    const deps = { ...world.bench.deps, store: { ...world.bench.deps.store, commit } };
    const done = expect(runSchedule(watched, deps, stop.signal)).rejects.toMatchObject({ code: 'STATE_FENCED' });
    await world.clock.advance(2 * HOUR);
    await done;
    expect([listening.count, getEventListeners(stop.signal, 'abort')]).toEqual([0, []]);
  });
});
