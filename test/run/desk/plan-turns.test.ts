import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { openDesk } from '../../../src/run/desk/desk.ts';
import { planAgain, planAnew, planNext, planStart, pushDue, shortestRest } from '../../../src/run/desk/plan-turns.ts';
import { isResting, noteRest } from '../../../src/run/desk/rests.ts';
import { timetableOf } from '../../../src/run/schedule.ts';
import type { Turn } from '../../../src/run/turn.ts';
import type { LedgerEntry, RuleState } from '../../../src/state/store.ts';
import { clockBench } from '../clock/clock-bench.ts';
import { makeRule } from '../make-rule.ts';
import { HOUR, MINUTE, T0 } from '../story.ts';

function setUp(rules: readonly RunnableRule[] = [makeRule()]) {
  const { bench } = clockBench();
  bench.tenant.serviceClock.set(T0);
  const tenant = { ...bench.tenant, rules };
  const desk = openDesk(tenant, bench.deps);
  const [rule = makeRule()] = rules;
  const timetable = timetableOf(rule);
  const turn: Turn = { tenant, rule, timetable, kind: 'due', scheduledAt: timetable.latest(T0) };
  const waits = () => {
    const now = bench.clock.monotonic();
    return desk.heap
      .drain()
      .map(({ at, item }) => [item.kind, at - now, item.scheduledAt] as const)
      .toSorted(([, one], [, other]) => one - other);
  };
  return { desk, rule, turn, timetable, clock: bench.clock, tenant, waits };
}

const pending = (over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: 'p',
  from: T0 - HOUR,
  to: T0,
  logicalTime: T0,
  attempts: 0,
  outcome: 'pending',
  reason: null,
  ...over,
});

function stateOf(over: Partial<RuleState> = {}): RuleState {
  return {
    frontier: T0,
    ledger: [],
    sliceMs: null,
    ruleTrait: '',
    changedAt: null,
    standing: 'ok',
    failingSince: null,
    failures: 0,
    lastError: null,
    lastRun: null,
    ...over,
  };
}

describe('the start', () => {
  it('has every rule that is not disabled due at once, as of the latest time of its grid', () => {
    const { desk, timetable, waits } = setUp([makeRule(), makeRule({ id: 'off', status: 'disabled' })]);
    planStart(desk, desk.rules);
    expect(waits()).toEqual([['due', 0, timetable.latest(T0)]]);
  });
});

describe('a due turn', () => {
  it('waits until the service’s clock has reached its time, and not at all where that is over', () => {
    const { desk, turn, waits } = setUp();
    pushDue(desk, { ...turn, scheduledAt: T0 + HOUR });
    pushDue(desk, { ...turn, scheduledAt: T0 - HOUR });
    pushDue(desk, { ...turn, scheduledAt: null });
    expect(waits().map(([, ms]) => ms)).toEqual([0, 0, HOUR]);
  });

  it('is followed by the next of its grid, and one that left nothing behind by itself in a minute', () => {
    const { desk, turn, timetable, waits } = setUp();
    const next = timetable.next(T0) ?? 0;
    planNext(desk, turn, null);
    expect(waits()).toEqual([['due', next - T0, next]]);
    planNext(desk, turn, stateOf());
    expect(waits()).toEqual([['due', next - T0, next]]);
    planAgain(desk, turn);
    expect(waits()).toEqual([['due', MINUTE, turn.scheduledAt]]);
  });
});

describe('a rule with windows that wait', () => {
  const backlogWaits = (left: RuleState) => {
    const { desk, turn, waits } = setUp();
    planNext(desk, turn, left);
    return waits().filter(([kind]) => kind === 'backlog');
  };

  it('catches up at once, and waits a minute, two, four … a quarter of an hour after failures', () => {
    expect(backlogWaits(stateOf({ ledger: [pending()] }))).toEqual([['backlog', 0, null]]);
    const after = (failures: number) =>
      backlogWaits(stateOf({ ledger: [pending()], standing: 'failing', failures })).map(([, ms]) => ms / MINUTE);
    expect([0, 1, 2, 3, 4, 5, 6, 2000].flatMap(after)).toEqual([1, 1, 2, 4, 8, 15, 15, 15]);
  });

  it('rests as long as the first of them that may be asked, and longer while it fails', () => {
    const resting = pending({ attempts: 1, failedAt: T0 - 20 * MINUTE });
    const shorter = pending({ attempts: 1, failedAt: T0 - 50 * MINUTE });
    expect(backlogWaits(stateOf({ ledger: [resting, shorter] })).map(([, ms]) => ms)).toEqual([10 * MINUTE]);
    expect(backlogWaits(stateOf({ ledger: [resting, pending()] })).map(([, ms]) => ms)).toEqual([0]);
    expect(backlogWaits(stateOf({ ledger: [shorter], standing: 'failing', failures: 9 })).map(([, ms]) => ms)).toEqual([
      15 * MINUTE,
    ]);
    const { desk, turn } = setUp();
    expect(shortestRest(desk, turn, stateOf({ ledger: [pending({ outcome: 'gap', failedAt: T0 })] }))).toBe(0);
  });

  it('does not where it is blocked, or where what is left is closed', () => {
    expect(backlogWaits(stateOf({ ledger: [pending()], standing: 'blocked' }))).toEqual([]);
    expect(backlogWaits(stateOf({ ledger: [pending({ outcome: 'gap' })] }))).toEqual([]);
  });

  it('has one turn for them at a time, and has waited since the first of them did', async () => {
    const { desk, turn, clock, waits } = setUp();
    const left = stateOf({ ledger: [pending()] });
    planNext(desk, turn, left);
    planNext(desk, turn, left);
    expect(waits().filter(([kind]) => kind === 'backlog')).toHaveLength(1);
    const since = desk.behindSince.get('rule');
    await clock.advance(HOUR);
    planNext(desk, { ...turn, kind: 'backlog' }, left);
    expect(waits()).toEqual([['backlog', 0, null]]);
    expect(desk.behindSince.get('rule')).toBe(since);
    planNext(desk, { ...turn, kind: 'backlog' }, stateOf());
    expect([waits(), desk.behindSince.has('rule'), desk.catchingUp.has('rule')]).toEqual([[], false, false]);
  });
});

describe('planning anew', () => {
  it('moves what waits for a length of time by how long the machine slept, and no further than now', async () => {
    const { desk, turn, waits } = setUp();
    desk.heap.push(desk.deps.clock.monotonic() + HOUR, { ...turn, kind: 'backlog', scheduledAt: null });
    noteRest(desk, 'rule', { standing: 'blocked' });
    planAnew(desk, 10 * MINUTE);
    expect(desk.rests.get('rule')).toBe(desk.deps.clock.monotonic() + 50 * MINUTE);
    expect(desk.heap.earliest()).toBe(desk.deps.clock.monotonic() + 50 * MINUTE);
    planAnew(desk, 2 * HOUR);
    expect(waits()).toEqual([['backlog', 0, null]]);
  });

  it('keeps a due turn at the latest or next time of its rule, and brings any other to the latest', () => {
    const { desk, turn, timetable, waits } = setUp();
    const [latest, next] = [timetable.latest(T0), timetable.next(T0) ?? 0];
    for (const scheduledAt of [latest, next, next + HOUR, (latest ?? 0) - HOUR])
      desk.heap.push(desk.deps.clock.monotonic() + 5, { ...turn, scheduledAt });
    planAnew(desk, 0);
    expect(waits()).toEqual([
      ['due', 0, latest],
      ['due', 0, latest],
      ['due', 0, latest],
      ['due', next - T0, next],
    ]);
  });

  it('asks a rule at once that has asked by a clock that was ahead', () => {
    const { desk, turn, timetable, tenant, waits } = setUp();
    tenant.serviceClock.set(T0 + 24 * HOUR);
    tenant.serviceClock.set(T0);
    const next = timetable.next(T0) ?? 0;
    desk.heap.push(desk.deps.clock.monotonic() + 5, { ...turn, scheduledAt: next });
    planAnew(desk, 0);
    expect(waits()).toEqual([['due', 0, timetable.latest(T0)]]);
  });
});

describe('the rest of a blocked rule', () => {
  const lastRun = (startedAt: number) => ({ lastRun: { startedAt } as RuleState['lastRun'] });

  it('lasts an hour from its run on', async () => {
    const { desk, clock } = setUp();
    noteRest(desk, 'rule', { standing: 'blocked' });
    const blocked = stateOf({ standing: 'blocked' });
    await clock.advance(HOUR - 1);
    expect(isResting(desk, 'rule', blocked)).toBe(true);
    await clock.advance(1);
    expect(isResting(desk, 'rule', blocked)).toBe(false);
    expect([isResting(desk, 'rule', stateOf()), isResting(desk, 'rule', null)]).toEqual([false, false]);
    noteRest(desk, 'rule', { standing: 'ok' });
    expect(desk.rests.has('rule')).toBe(false);
  });

  it('goes on after a restart, for what is left of it and never for longer than an hour', async () => {
    const restsFor = async (startedAt: number | null) => {
      const { desk, clock } = setUp();
      const blocked = stateOf({ standing: 'blocked', ...(startedAt !== null && lastRun(startedAt)) });
      let minutes = 0;
      for (; isResting(desk, 'rule', blocked); minutes += 1) await clock.advance(MINUTE);
      return minutes;
    };
    expect(await restsFor(T0 - 20 * MINUTE)).toBe(40);
    expect(await restsFor(T0 + 24 * HOUR)).toBe(60);
    expect(await restsFor(T0 - HOUR)).toBe(0);
    expect(await restsFor(null)).toBe(0);
  });
});
