import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TimeRange } from '../../src/kql/window.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import {
  type Coverage,
  type CoveragePlan,
  closeWindow,
  coveredTo,
  type DueInput,
  NO_COVERAGE,
  planBacklog,
  planDue,
} from '../../src/run/coverage.ts';
import type { Timetable } from '../../src/run/schedule.ts';
import { delayOf, type MissingSlice, DEFAULT_WINDOW_SETTINGS as settings, unite } from '../../src/run/windows.ts';
import { makeRule } from './make-rule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const RETENTION = 30 * DAY;
const T0 = Date.parse('2026-01-10T00:00:00Z');

const stream = makeRule();
const streamWithAgo = makeRule({}, { usesTime: true, reachMs: HOUR });
const set = makeRule({ effectiveShape: 'set', lookbackMs: 2 * HOUR });
const snapshot = makeRule({
  effectiveShape: 'snapshot',
  lookbackMs: 0,
  window: { basis: 'none', tables: {}, keepFilters: 'never' },
});

/** L's every hour, and T0 is one of them. */
const grid = gridOf(HOUR);

function gridOf(everyMs: number): Timetable {
  const latest = (time: number): number => T0 + Math.floor((time - T0) / everyMs) * everyMs;
  return { latest, next: (time) => latest(time) + everyMs };
}

function plan(rule: RunnableRule, coverage: Coverage, logicalTime: number, over: Partial<DueInput> = {}) {
  return planDue({ rule, coverage, logicalTime, grid, now: logicalTime, retentionMs: RETENTION, settings, ...over });
}

function backlog(rule: RunnableRule, coverage: Coverage, now = coverage.frontier ?? T0, over: Partial<DueInput> = {}) {
  return planBacklog({ rule, coverage, grid, now, retentionMs: RETENTION, settings, ...over });
}

function covered(rule: RunnableRule, coverage: Coverage, logicalTime: number): Coverage {
  const planned = plan(rule, coverage, logicalTime);
  if (!planned.planned) throw new Error('nothing was due');
  return closeWindow(rule, planned.coverage, planned.planned, { kind: 'covered', sliceMs: null }, settings).coverage;
}

function failed(rule: RunnableRule, coverage: Coverage, logicalTime: number, counts = true) {
  const planned = plan(rule, coverage, logicalTime);
  if (!planned.planned) throw new Error('nothing was due');
  return closeWindow(
    rule,
    planned.coverage,
    planned.planned,
    { kind: 'failed', counts, at: 0, reason: 'the service was down' },
    settings,
  );
}

/** The coverage after a planned window was asked. */
function closed(rule: RunnableRule, { coverage, planned }: CoveragePlan, ok: boolean): Coverage {
  if (!planned) throw new Error('nothing was planned');
  const outcome = ok
    ? ({ kind: 'covered', sliceMs: null } as const)
    : ({ kind: 'failed', counts: false, at: 0, reason: 'x' } as const);
  return closeWindow(rule, coverage, planned, outcome, settings).coverage;
}

/** What between the first asked and the frontier is neither asked nor in the ledger. */
function holes(coverage: Coverage, asked: readonly TimeRange[]): readonly TimeRange[] {
  const known = unite([...asked, ...coverage.ledger.map(({ from, to }) => ({ from, to }))]);
  return known.slice(1).map((range, index) => ({ from: known[index]?.to ?? range.from, to: range.from }));
}

describe('planDue', () => {
  it('starts with [now - lookback, now)', () => {
    expect(plan(stream, NO_COVERAGE, T0).planned).toMatchObject({ core: { from: T0 - HOUR, to: T0 }, lane: 'due' });
    expect(plan(set, NO_COVERAGE, T0).planned?.asked).toEqual({ from: T0 - 2 * HOUR, to: T0, basis: 'ingestion' });
    expect(plan(snapshot, NO_COVERAGE, T0).planned?.asked).toBeNull();
  });

  it('asks streams contiguously and re-reads the settle time', () => {
    const due = plan(stream, covered(stream, NO_COVERAGE, T0), T0 + HOUR).planned;
    expect(due?.core).toEqual({ from: T0, to: T0 + HOUR });
    expect(due?.asked).toEqual({ from: T0 - settings.settleMs, to: T0 + HOUR, basis: 'ingestion' });
  });

  it('asks sets exactly as scheduled, whatever happened before', () => {
    const due = plan(set, covered(set, NO_COVERAGE, T0), T0 + 5 * HOUR).planned;
    expect(due?.asked).toEqual({ from: T0 + 3 * HOUR, to: T0 + 5 * HOUR, basis: 'ingestion' });
  });

  it('skips a run whose L is not after what is covered', () => {
    const coverage = covered(stream, NO_COVERAGE, T0);
    expect(plan(stream, coverage, T0)).toEqual({ coverage, planned: null, gaps: [] });
    expect(plan(stream, coverage, T0 - 1).planned).toBeNull();
  });

  it('merges what a stream missed up to one slice, and leaves the older pieces pending', () => {
    const result = plan(stream, covered(stream, NO_COVERAGE, T0), T0 + 150 * 60_000);
    expect(result.planned?.core).toEqual({ from: T0 + 90 * 60_000, to: T0 + 150 * 60_000 });
    expect(result.coverage.ledger.map(({ from, to }) => [from - T0, to - T0])).toEqual([
      [0, 30 * 60_000],
      [30 * 60_000, 90 * 60_000],
    ]);
  });

  it('merges a failed window into the next one of a stream that does not ask for the time', () => {
    const quick = makeRule({ schedule: { kind: 'every', everyMs: HOUR / 4, lookbackMs: null }, lookbackMs: HOUR / 4 });
    const after = failed(quick, covered(quick, NO_COVERAGE, T0), T0 + HOUR / 4).coverage;
    expect(after.ledger).toHaveLength(1);
    const next = plan(quick, after, T0 + HOUR / 2);
    expect(next.planned).toMatchObject({ core: { from: T0, to: T0 + HOUR / 2 }, attempts: 0 });
    expect(next.coverage.ledger).toEqual([]);
  });

  it('runs each missed window of a stream with ago() at its own L, however many they are', () => {
    const result = plan(streamWithAgo, covered(streamWithAgo, NO_COVERAGE, T0), T0 + 3 * HOUR);
    expect(result.planned?.core).toEqual({ from: T0 + 2 * HOUR, to: T0 + 3 * HOUR });
    expect(result.coverage.ledger).toMatchObject([{ from: T0, to: T0 + 2 * HOUR, outcome: 'pending' }]);
    const first = backlog(streamWithAgo, result.coverage);
    expect(first.planned).toMatchObject({ logicalTime: T0 + HOUR, lane: 'backlog' });
    const after = closed(streamWithAgo, first, true);
    expect(after.ledger).toMatchObject([{ from: T0 + HOUR, to: T0 + 2 * HOUR, outcome: 'pending' }]);
    const second = backlog(streamWithAgo, after);
    expect(second.planned?.core).toEqual({ from: T0 + HOUR, to: T0 + 2 * HOUR });
    expect(closed(streamWithAgo, second, true).ledger).toEqual([]);
  });

  it('keeps one entry for a long outage of a stream with ago(), and each L of it', () => {
    let coverage = covered(streamWithAgo, NO_COVERAGE, T0);
    for (let hour = 1; hour <= 100; hour += 1)
      coverage = failed(streamWithAgo, coverage, T0 + hour * HOUR, false).coverage;
    expect(coverage.ledger.length).toBeLessThanOrEqual(2);
    const asked: number[] = [];
    for (let next = backlog(streamWithAgo, coverage); next.planned; next = backlog(streamWithAgo, coverage)) {
      asked.push(next.planned.logicalTime);
      coverage = closed(streamWithAgo, next, true);
    }
    expect(asked).toEqual(Array.from({ length: 100 }, (_, index) => T0 + (index + 1) * HOUR));
  });

  it('gives up of a stream with ago() the L’s that ask for more than is kept, and keeps the rest', () => {
    const now = T0 + 40 * DAY;
    const { coverage, gaps } = plan(streamWithAgo, covered(streamWithAgo, NO_COVERAGE, T0), now);
    const edge = T0 + 10 * DAY;
    expect(gaps).toMatchObject([{ from: T0, to: edge, outcome: 'gap', reason: expect.stringContaining('30d') }]);
    expect(coverage.ledger).toMatchObject([{ to: edge }, { from: edge, to: now - HOUR, outcome: 'pending' }]);
  });

  it('turns the oldest missed windows of a set into one gap beyond 24', () => {
    const result = plan(set, covered(set, NO_COVERAGE, T0), T0 + 31 * HOUR);
    expect(result.gaps).toMatchObject([{ from: T0, to: T0 + 6 * HOUR, outcome: 'gap' }]);
    const pending = result.coverage.ledger.filter((entry) => entry.outcome === 'pending');
    expect(pending.map((entry) => entry.logicalTime)).toEqual(
      Array.from({ length: 24 }, (_, index) => T0 + (index + 7) * HOUR),
    );
  });

  it('keeps what of a set waits already among the 24', () => {
    let coverage = covered(set, NO_COVERAGE, T0);
    for (let hour = 1; hour <= 40; hour += 1) coverage = failed(set, coverage, T0 + hour * HOUR, false).coverage;
    const { coverage: after } = plan(set, coverage, T0 + 41 * HOUR);
    expect(after.ledger.filter((entry) => entry.outcome === 'gap')).toMatchObject([
      { from: T0 - HOUR, to: T0 + 16 * HOUR },
    ]);
    expect(after.ledger.filter((entry) => entry.outcome === 'pending')).toHaveLength(24);
  });

  it('of a rule of a second that was down for a month is as short as of any other', () => {
    const second = gridOf(1000);
    const over = { grid: second, now: T0 + 29 * DAY };
    for (const rule of [set, streamWithAgo, stream]) {
      const { coverage } = plan(rule, covered(rule, NO_COVERAGE, T0), T0 + 29 * DAY, over);
      expect(coverage.ledger.length).toBeLessThan(24 * 29 + 2);
      expect(holes(coverage, [])).toEqual([]);
    }
  });

  it('gives up what the source no longer keeps', () => {
    const { gaps } = plan(stream, covered(stream, NO_COVERAGE, T0), T0 + 40 * DAY);
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps.every((gap) => gap.logicalTime - HOUR < T0 + 10 * DAY)).toBe(true);
    expect(gaps[0]?.reason).toContain('30d');
  });
});

describe('a query that places its window itself', () => {
  const window = { basis: 'none', tables: {}, keepFilters: 'never' } as const;

  it('gets the times of a stream or set, and the delay of event times', () => {
    const first = { ...NO_COVERAGE, frontier: T0 - HOUR };
    expect(plan(makeRule({ window }), first, T0).planned?.asked).toEqual({
      from: T0 - 2 * HOUR,
      to: T0,
      basis: 'event',
    });
    const ownSet = makeRule({ window, effectiveShape: 'set', lookbackMs: 2 * HOUR });
    expect(plan(ownSet, first, T0).planned?.asked).toEqual({ from: T0 - 2 * HOUR, to: T0, basis: 'event' });
    expect(delayOf(ownSet, settings)).toBe(settings.delayMs.event);
  });

  it('gets none as a snapshot', () => {
    expect(plan(snapshot, NO_COVERAGE, T0).planned?.asked).toBeNull();
    expect(delayOf(snapshot, settings)).toBe(0);
  });
});

describe('settle', () => {
  it('keeps a failed window pending at its own L and counts only failures of its own', () => {
    const once = failed(set, NO_COVERAGE, T0, false).coverage;
    expect(once.ledger).toMatchObject([
      { logicalTime: T0, attempts: 0, outcome: 'pending', reason: 'the service was down' },
    ]);
    expect(once.frontier).toBe(T0);
  });

  it('makes a gap of a set window that failed five times, and of no stream window', () => {
    let coverage = failed(set, NO_COVERAGE, T0).coverage;
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      const { planned } = backlog(set, coverage);
      if (!planned) throw new Error('no backlog');
      coverage = closeWindow(
        set,
        coverage,
        planned,
        { kind: 'failed', counts: true, at: 0, reason: 'too heavy' },
        settings,
      ).coverage;
    }
    expect(coverage.ledger).toMatchObject([{ outcome: 'gap', attempts: 5, reason: 'failed 5 times: too heavy' }]);
    expect(backlog(set, coverage).planned).toBeNull();
  });

  function leftOf(rule: RunnableRule, missing: readonly MissingSlice[], coverage = NO_COVERAGE) {
    const { planned, coverage: before } = plan(rule, coverage, T0);
    if (!planned) throw new Error('nothing was due');
    const outcome = {
      kind: 'truncated',
      cutShort: false,
      missing,
      at: T0,
      reason: 'too heavy',
      sliceMs: null,
    } as const;
    return closeWindow(rule, before, planned, outcome, settings);
  }

  it('keeps what a stream could not ask pending at its L, the re-read part too, and the rest is covered', () => {
    const missing = [
      { from: T0 - HOUR - 5 * MINUTE, to: T0 - HOUR, smallest: false },
      { from: T0 - HOUR / 2, to: T0 - HOUR / 4, smallest: false },
    ];
    const { coverage, gaps } = leftOf(stream, missing);
    expect(gaps).toEqual([]);
    expect(coverage.ledger).toMatchObject([
      { from: T0 - HOUR - 5 * MINUTE, to: T0 - HOUR, logicalTime: T0, attempts: 1, outcome: 'pending' },
      { from: T0 - HOUR / 2, to: T0 - HOUR / 4, logicalTime: T0, attempts: 1, outcome: 'pending' },
    ]);
    expect(backlog(stream, coverage).planned).toMatchObject({ logicalTime: T0, core: { to: T0 - HOUR } });
  });

  it('gives a slice of a minute up when it has failed five times, and never merges it', () => {
    const slice = { from: T0 - HOUR / 2, to: T0 - HOUR / 2 + MINUTE, smallest: true };
    let { coverage, gaps } = leftOf(stream, [slice]);
    expect(coverage.ledger).toMatchObject([{ attempts: 1, failedAt: T0, outcome: 'pending' }]);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      const now = T0 + (attempt - 1) * HOUR;
      const between = covered(stream, coverage, now);
      expect(between.ledger).toHaveLength(1);
      const { planned } = backlog(stream, between, now);
      if (!planned) throw new Error('no backlog');
      const outcome = {
        kind: 'truncated',
        cutShort: false,
        missing: [slice],
        at: now,
        reason: 'too heavy',
        sliceMs: null,
      } as const;
      ({ coverage, gaps } = closeWindow(stream, between, planned, outcome, settings));
    }
    expect(gaps).toMatchObject([{ from: slice.from, to: slice.to, attempts: 5, reason: 'failed 5 times: too heavy' }]);
    expect(coverage.ledger).toEqual(gaps);
  });

  it('notes a missing slice once: what is pending or a gap already stays as it is', () => {
    const slice = { from: T0 - 2 * HOUR, to: T0 - 2 * HOUR + MINUTE };
    const entry = { ...slice, id: `${slice.from}-${slice.to}`, logicalTime: slice.to, attempts: 5, reason: 'lost' };
    const ledger = [{ ...entry, outcome: 'gap' as const }];
    const { coverage } = leftOf(stream, [{ ...slice, smallest: true }], { frontier: T0 - HOUR, ledger, sliceMs: null });
    expect(coverage.ledger).toEqual(ledger);
  });

  it('keeps a snapshot that failed pending until it is asked again or a newer one is due', () => {
    const { planned, coverage } = plan(snapshot, NO_COVERAGE, T0);
    if (!planned) throw new Error('nothing was due');
    const outcome = { kind: 'failed', counts: true, at: T0, reason: 'down' } as const;
    const after = closeWindow(snapshot, coverage, planned, outcome, settings).coverage;
    expect(after.ledger).toMatchObject([{ from: T0, to: T0, attempts: 0, outcome: 'pending' }]);
    expect(backlog(snapshot, after).planned).toMatchObject({ asked: null, logicalTime: T0 });
    expect(plan(snapshot, after, T0 + HOUR).coverage.ledger).toEqual([]);
  });

  it('lets a learnt slice grow again, up to the start value, after runs that needed no division', () => {
    const learnt = (sliceMs: number | null, outcome: Parameters<typeof closeWindow>[3]) => {
      const planned = plan(stream, { ...NO_COVERAGE, sliceMs }, T0);
      if (!planned.planned) throw new Error('nothing was due');
      return closeWindow(stream, planned.coverage, planned.planned, outcome, settings).coverage.sliceMs;
    };
    const covered = { kind: 'covered', sliceMs: null } as const;
    expect([8, 16, 32].map((minutes) => learnt((minutes * HOUR) / 60, covered))).toEqual([
      (16 * HOUR) / 60,
      (32 * HOUR) / 60,
      null,
    ]);
    expect([HOUR / 2 - 1, HOUR / 2].map((sliceMs) => learnt(sliceMs, covered))).toEqual([HOUR - 2, null]);
    expect(learnt(null, covered)).toBeNull();
    expect(learnt(HOUR / 4, { kind: 'covered', sliceMs: HOUR / 8 })).toBe(HOUR / 8);
    expect(learnt(HOUR / 4, { kind: 'failed', counts: true, at: 0, reason: 'too heavy' })).toBe(HOUR / 4);
    expect(
      learnt(HOUR / 4, {
        kind: 'truncated',
        cutShort: true,
        missing: [],
        at: T0,
        reason: 'cut',
        sliceMs: null,
      }),
    ).toBe(HOUR / 4);
  });

  it('keeps closed entries for 90 days', () => {
    const entry = (days: number) => ({
      id: String(days),
      from: T0 - days * DAY - HOUR,
      to: T0 - days * DAY,
      logicalTime: T0 - days * DAY,
      attempts: 0,
      outcome: 'gap' as const,
      reason: 'lost',
    });
    const { coverage } = plan(stream, { ...NO_COVERAGE, frontier: T0 - HOUR, ledger: [entry(91), entry(89)] }, T0);
    expect(coverage.ledger.map(({ id }) => id)).toEqual(['89']);
  });
});

describe('planBacklog', () => {
  it('gives up a pending window when it grows too old', () => {
    const coverage = failed(stream, NO_COVERAGE, T0).coverage;
    expect(backlog(stream, coverage, T0 + 29 * DAY - 1).gaps).toEqual([]);
    expect(backlog(stream, coverage, T0 + 30 * DAY)).toMatchObject({ planned: null, gaps: [{ outcome: 'gap' }] });
  });
});

describe('coverage never has a hole that is not a ledger entry', () => {
  const paused = makeRule({ effectiveShape: 'set', lookbackMs: HOUR / 2 });
  const rules = { stream, streamWithAgo, set, paused };
  it.each(Object.entries(rules))('%s', (_name, rule) => {
    const wait = fc.oneof(fc.integer({ min: 1, max: 5 * HOUR }), fc.integer({ min: 1, max: 20 * DAY }));
    const step = fc.record({ wait, ok: fc.boolean(), kind: fc.constantFrom('due', 'backlog') });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let now = T0;
        let coverage = NO_COVERAGE;
        const asked: TimeRange[] = [];
        for (const { wait, ok, kind } of steps) {
          now += wait;
          const plans = kind === 'backlog' ? backlog(rule, coverage, now) : plan(rule, coverage, now);
          if (!plans.planned) continue;
          coverage = closed(rule, plans, ok);
          if (ok) asked.push(plans.planned.core);
        }
        if (coverage.frontier === null) return;
        const remembered = now - 90 * DAY;
        expect(holes(coverage, asked).filter((hole) => hole.to > remembered)).toEqual([]);
        expect(Math.max(...[...asked, ...coverage.ledger].map((range) => range.to))).toBe(coverage.frontier);
        expect(coveredTo(coverage)).toBeLessThanOrEqual(now);
        expect(coverage.ledger.filter((entry) => entry.outcome === 'pending').length).toBeLessThan(
          rule.effectiveShape === 'set' ? 26 : 1000,
        );
      }),
    );
  });
});
