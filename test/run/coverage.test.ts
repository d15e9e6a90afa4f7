import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RunnableRule } from '../../src/rules/rule.ts';
import {
  type Coverage,
  closeWindow,
  coveredTo,
  expire,
  NO_COVERAGE,
  type PlanInput,
  planBacklog,
  planDue,
} from '../../src/run/coverage.ts';
import { DEFAULT_WINDOW_SETTINGS as settings } from '../../src/run/windows.ts';
import { makeRule } from './make-rule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RETENTION = 30 * DAY;
const T0 = Date.parse('2026-01-10T00:00:00Z');

const stream = makeRule();
const streamWithAgo = makeRule({}, { usesTime: true, reachMs: HOUR });
const set = makeRule({ effectiveShape: 'set', lookbackMs: 2 * HOUR });
const snapshot = makeRule({ effectiveShape: 'snapshot', lookbackMs: 0, window: { basis: 'none', tables: {} } });

function plan(rule: RunnableRule, coverage: Coverage, logicalTime: number, over: Partial<PlanInput> = {}) {
  return planDue({
    rule,
    coverage,
    logicalTime,
    missed: [],
    now: logicalTime,
    retentionMs: RETENTION,
    settings,
    ...over,
  });
}

function covered(rule: RunnableRule, coverage: Coverage, logicalTime: number): Coverage {
  const planned = plan(rule, coverage, logicalTime);
  if (!planned.due) throw new Error('nothing was due');
  return closeWindow(rule, planned.coverage, planned.due, { kind: 'covered', sliceMs: null }, settings).coverage;
}

function failed(rule: RunnableRule, coverage: Coverage, logicalTime: number, counts = true) {
  const planned = plan(rule, coverage, logicalTime);
  if (!planned.due) throw new Error('nothing was due');
  return closeWindow(
    rule,
    planned.coverage,
    planned.due,
    { kind: 'failed', counts, reason: 'the service was down' },
    settings,
  );
}

describe('planDue', () => {
  it('starts with [now - lookback, now)', () => {
    expect(plan(stream, NO_COVERAGE, T0).due).toMatchObject({ core: { from: T0 - HOUR, to: T0 }, lane: 'due' });
    expect(plan(set, NO_COVERAGE, T0).due?.asked).toEqual({ from: T0 - 2 * HOUR, to: T0, basis: 'ingestion' });
    expect(plan(snapshot, NO_COVERAGE, T0).due?.asked).toBeNull();
  });

  it('asks streams contiguously and re-reads the settle time', () => {
    const due = plan(stream, covered(stream, NO_COVERAGE, T0), T0 + HOUR).due;
    expect(due?.core).toEqual({ from: T0, to: T0 + HOUR });
    expect(due?.asked).toEqual({ from: T0 - settings.settleMs, to: T0 + HOUR, basis: 'ingestion' });
  });

  it('asks sets exactly as scheduled, whatever happened before', () => {
    const due = plan(set, covered(set, NO_COVERAGE, T0), T0 + 5 * HOUR).due;
    expect(due?.asked).toEqual({ from: T0 + 3 * HOUR, to: T0 + 5 * HOUR, basis: 'ingestion' });
  });

  it('skips a run whose L is not after what is covered', () => {
    const coverage = covered(stream, NO_COVERAGE, T0);
    expect(plan(stream, coverage, T0)).toEqual({ coverage, due: null, gaps: [] });
    expect(plan(stream, coverage, T0 - 1).due).toBeNull();
  });

  it('merges what a stream missed up to one slice, and leaves the older pieces pending', () => {
    const result = plan(stream, covered(stream, NO_COVERAGE, T0), T0 + 150 * 60_000);
    expect(result.due?.core).toEqual({ from: T0 + 90 * 60_000, to: T0 + 150 * 60_000 });
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
    expect(next.due).toMatchObject({ core: { from: T0, to: T0 + HOUR / 2 }, attempts: 1 });
    expect(next.coverage.ledger).toEqual([]);
  });

  it('runs each missed window of a stream with ago() at its own L', () => {
    const missed = [T0 + HOUR, T0 + 2 * HOUR];
    const result = plan(streamWithAgo, covered(streamWithAgo, NO_COVERAGE, T0), T0 + 3 * HOUR, { missed });
    expect(result.coverage.ledger.map((entry) => entry.logicalTime)).toEqual(missed);
    expect(result.due?.core).toEqual({ from: T0 + 2 * HOUR, to: T0 + 3 * HOUR });
    expect(planBacklog(streamWithAgo, result.coverage, settings)).toMatchObject({
      logicalTime: T0 + HOUR,
      lane: 'backlog',
    });
  });

  it('turns the oldest missed windows of a set into gaps beyond 24', () => {
    const missed = Array.from({ length: 30 }, (_, index) => T0 + (index + 1) * HOUR);
    const result = plan(set, covered(set, NO_COVERAGE, T0), T0 + 31 * HOUR, { missed });
    expect(result.gaps).toHaveLength(6);
    expect(result.gaps[0]).toMatchObject({ logicalTime: T0 + HOUR, outcome: 'gap' });
    expect(result.coverage.ledger.filter((entry) => entry.outcome === 'pending')).toHaveLength(24);
  });

  it('gives up what the source no longer keeps', () => {
    const { gaps } = plan(stream, covered(stream, NO_COVERAGE, T0), T0 + 40 * DAY);
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps.every((gap) => gap.logicalTime - HOUR < T0 + 10 * DAY)).toBe(true);
    expect(gaps[0]?.reason).toContain('30d');
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
      const planned = planBacklog(set, coverage, settings);
      if (!planned) throw new Error('no backlog');
      coverage = closeWindow(
        set,
        coverage,
        planned,
        { kind: 'failed', counts: true, reason: 'too heavy' },
        settings,
      ).coverage;
    }
    expect(coverage.ledger).toMatchObject([{ outcome: 'gap', attempts: 5, reason: 'failed 5 times: too heavy' }]);
    expect(planBacklog(set, coverage, settings)).toBeNull();
  });

  it('records what a stream could not ask as gaps and the rest as covered', () => {
    const planned = plan(stream, NO_COVERAGE, T0);
    if (!planned.due) throw new Error('nothing was due');
    const missing = [{ from: T0 - HOUR, to: T0 - HOUR / 2 }];
    const after = closeWindow(
      stream,
      planned.coverage,
      planned.due,
      { kind: 'truncated', missing, reason: 'too heavy', sliceMs: HOUR / 2 },
      settings,
    );
    expect(after.gaps).toMatchObject([{ from: T0 - HOUR, to: T0 - HOUR / 2, outcome: 'gap' }]);
    expect(after.coverage.sliceMs).toBe(HOUR / 2);
  });

  it('lets a learnt slice grow again, up to the start value, after runs that needed no division', () => {
    const learnt = (sliceMs: number | null, outcome: Parameters<typeof closeWindow>[3]) => {
      const planned = plan(stream, { ...NO_COVERAGE, sliceMs }, T0);
      if (!planned.due) throw new Error('nothing was due');
      return closeWindow(stream, planned.coverage, planned.due, outcome, settings).coverage.sliceMs;
    };
    const covered = { kind: 'covered', sliceMs: null } as const;
    expect([8, 16, 32].map((minutes) => learnt((minutes * HOUR) / 60, covered))).toEqual([
      (16 * HOUR) / 60,
      (32 * HOUR) / 60,
      null,
    ]);
    expect(learnt(null, covered)).toBeNull();
    expect(learnt(HOUR / 4, { kind: 'covered', sliceMs: HOUR / 8 })).toBe(HOUR / 8);
    expect(learnt(HOUR / 4, { kind: 'failed', counts: true, reason: 'too heavy' })).toBe(HOUR / 4);
    expect(learnt(HOUR / 4, { kind: 'truncated', missing: [], reason: 'cut', sliceMs: null })).toBe(HOUR / 4);
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

  it('leaves nothing pending for a snapshot', () => {
    expect(failed(snapshot, NO_COVERAGE, T0).coverage.ledger).toEqual([]);
  });
});

describe('expire', () => {
  it('gives up a pending window when it grows too old', () => {
    const coverage = failed(stream, NO_COVERAGE, T0).coverage;
    const input = { rule: stream, coverage, retentionMs: RETENTION, settings };
    expect(expire({ ...input, now: T0 + 29 * DAY - 1 }).gaps).toEqual([]);
    expect(expire({ ...input, now: T0 + 30 * DAY }).gaps).toHaveLength(1);
  });
});

describe('coverage never has a hole that is not a ledger entry', () => {
  const rules = { stream, streamWithAgo };
  it.each(Object.entries(rules))('%s', (_name, rule) => {
    const step = fc.record({ wait: fc.integer({ min: 1, max: 5 * HOUR }), ok: fc.boolean(), backlog: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let now = T0;
        let coverage = NO_COVERAGE;
        const done: [number, number][] = [];
        for (const { wait, ok, backlog } of steps) {
          now += wait;
          const planned = planDue({
            rule,
            coverage,
            logicalTime: now,
            missed: [],
            now,
            retentionMs: RETENTION,
            settings,
          });
          const window = backlog ? (planBacklog(rule, planned.coverage, settings) ?? planned.due) : planned.due;
          if (!window) continue;
          const outcome = ok
            ? ({ kind: 'covered', sliceMs: null } as const)
            : ({ kind: 'failed', counts: true, reason: 'x' } as const);
          const due =
            planned.due && window !== planned.due
              ? closeWindow(
                  rule,
                  planned.coverage,
                  planned.due,
                  { kind: 'failed', counts: false, reason: 'later' },
                  settings,
                ).coverage
              : planned.coverage;
          coverage = closeWindow(rule, due, window, outcome, settings).coverage;
          if (ok) done.push([window.core.from, window.core.to]);
        }
        const known = [...done, ...coverage.ledger.map((entry): [number, number] => [entry.from, entry.to])].sort(
          (a, b) => a[0] - b[0],
        );
        let reached = known[0]?.[0] ?? now;
        for (const [from, to] of known) {
          expect(from).toBeLessThanOrEqual(reached);
          reached = Math.max(reached, to);
        }
        expect(reached).toBe(coverage.frontier);
        expect(coveredTo(coverage)).toBeLessThanOrEqual(now);
      }),
    );
  });
});
