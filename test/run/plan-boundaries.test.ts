import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../src/lib/duration.ts';
import { type Coverage, closeWindow, NO_COVERAGE, planBacklog, planDue } from '../../src/run/coverage.ts';
import { DEFAULT_WINDOW_SETTINGS as settings } from '../../src/run/windows.ts';
import type { LedgerEntry } from '../../src/state/store.ts';
import { makeRule } from './make-rule.ts';
import { T0 } from './story.ts';

const stream = makeRule();
const set = makeRule({ effectiveShape: 'set', lookbackMs: 2 * HOUR_MS });
const RETENTION = 30 * DAY_MS;

const entry = (from: number, to: number, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: `${from}-${to}`,
  from,
  to,
  logicalTime: to,
  attempts: 0,
  outcome: 'pending',
  reason: null,
  ...over,
});

const latest = (time: number): number => T0 + Math.floor((time - T0) / HOUR_MS) * HOUR_MS;
const grid = { latest, next: (time: number) => latest(time) + HOUR_MS };
const shared = { grid, retentionMs: RETENTION, settings };

describe('the edges of a plan', () => {
  it.each([stream, set])('the frontier itself is covered, one millisecond behind it is not', (rule) => {
    const coverage: Coverage = { ...NO_COVERAGE, frontier: T0 };
    const due = (logicalTime: number) => planDue({ ...shared, rule, coverage, logicalTime, now: T0 }).planned;
    expect(due(T0)).toBeNull();
    expect(due(T0 + 1)).toMatchObject({ core: { to: T0 + 1 }, logicalTime: T0 + 1 });
  });

  it('a window is given up when the oldest row it would ask for is older than what the source keeps', () => {
    const coverage: Coverage = { ...NO_COVERAGE, frontier: T0, ledger: [entry(T0 - HOUR_MS, T0)] };
    const gapsAt = (now: number, reachMs = 0) =>
      planBacklog({ ...shared, rule: makeRule({}, { reachMs }), coverage, now }).gaps.length;
    const last = T0 - HOUR_MS + RETENTION;
    expect([gapsAt(last), gapsAt(last + 1)]).toEqual([0, 1]);
    expect([gapsAt(last - HOUR_MS, 2 * HOUR_MS), gapsAt(last - HOUR_MS + 1, 2 * HOUR_MS)]).toEqual([0, 1]);
  });

  describe('of a stream whose windows are longer than its lookback, what the source no longer keeps is a gap', () => {
    const kept = T0 - 9 * HOUR_MS;
    const now = kept + RETENTION;
    const tooOld = {
      ...entry(T0 - 12 * HOUR_MS, kept),
      outcome: 'gap',
      reason: 'older than the 30d of data that the source keeps',
    };

    it.each([stream, makeRule({}, { usesTime: true })])('and the rest waits', (rule) => {
      const ledger = [entry(T0 - 12 * HOUR_MS, T0, { logicalTime: T0 })];
      const onlyEnd = { latest: () => T0 - 12 * HOUR_MS, next: () => T0 };
      const plan = planBacklog({
        ...shared,
        grid: onlyEnd,
        rule,
        coverage: { ...NO_COVERAGE, frontier: T0, ledger },
        now,
      });
      expect(plan.gaps).toEqual([tooOld]);
      expect(plan.planned).toMatchObject({ core: { from: kept, to: T0 }, logicalTime: T0 });
    });

    it('and a slice of an earlier time keeps its own', () => {
      const ledger = [entry(T0 - 12 * HOUR_MS, T0 - HOUR_MS, { logicalTime: T0 })];
      const plan = planBacklog({ ...shared, rule: stream, coverage: { ...NO_COVERAGE, frontier: T0, ledger }, now });
      expect(plan.gaps).toEqual([tooOld]);
      expect(plan.planned).toMatchObject({ core: { from: kept, to: T0 - HOUR_MS }, logicalTime: T0 });
    });

    it('and the due run asks for the rest', () => {
      const rule = makeRule({}, { usesTime: true });
      const coverage: Coverage = { ...NO_COVERAGE, frontier: T0 - 12 * HOUR_MS };
      const onlyEnd = { latest: () => T0 - 12 * HOUR_MS, next: () => T0 };
      const plan = planDue({ ...shared, grid: onlyEnd, rule, coverage, logicalTime: T0, now });
      expect(plan.gaps).toEqual([tooOld]);
      expect(plan.planned).toMatchObject({ core: { from: kept, to: T0 }, logicalTime: T0 });
    });
  });

  it('of a set whose lookback was longer, a window is given up whole', () => {
    const coverage: Coverage = { ...NO_COVERAGE, frontier: T0, ledger: [entry(T0 - 12 * HOUR_MS, T0)] };
    const { gaps } = planBacklog({ ...shared, rule: set, coverage, now: T0 - 9 * HOUR_MS + RETENTION });
    expect(gaps).toMatchObject([{ from: T0 - 12 * HOUR_MS, to: T0, outcome: 'gap' }]);
  });

  it.each(['pending', 'gap'] as const)(
    'a set’s window that fails waits, though a longer one that is %s holds it',
    (outcome) => {
      const window = { from: T0 - 4 * HOUR_MS, to: T0 - 2 * HOUR_MS };
      const ledger = [entry(window.from, window.to), entry(T0 - 8 * HOUR_MS, T0, { outcome })];
      const coverage: Coverage = { ...NO_COVERAGE, frontier: T0, ledger };
      const { planned } = planBacklog({ ...shared, rule: set, coverage, now: T0 });
      const failed = { kind: 'failed', counts: false, at: T0, reason: 'the service was down' } as const;
      if (!planned) throw new Error('nothing was planned');
      const left = closeWindow(set, coverage, planned, failed, settings).coverage.ledger;
      expect(left).toContainEqual({ ...entry(window.from, window.to), reason: 'the service was down' });
    },
  );

  it('a closed entry of the very window that is asked again stays', () => {
    const gap = entry(T0 - HOUR_MS, T0, { outcome: 'truncated', reason: 'cut' });
    const coverage: Coverage = { ...NO_COVERAGE, frontier: T0 - HOUR_MS, ledger: [gap] };
    const { planned, coverage: before } = planDue({ ...shared, rule: stream, coverage, logicalTime: T0, now: T0 });
    if (!planned) throw new Error('nothing is due');
    const closed = closeWindow(stream, before, planned, { kind: 'covered', sliceMs: null }, settings);
    expect(closed.coverage.ledger).toEqual([gap]);
  });

  it('a closed entry is forgotten 90 days after its end', () => {
    const ledger = [entry(T0 - HOUR_MS, T0, { outcome: 'gap' })];
    const kept = (now: number) =>
      planDue({
        ...shared,
        rule: stream,
        coverage: { ...NO_COVERAGE, frontier: now - HOUR_MS, ledger },
        logicalTime: now,
        now,
      }).coverage.ledger.length;
    expect([kept(T0 + 90 * DAY_MS - 1), kept(T0 + 90 * DAY_MS)]).toEqual([1, 0]);
  });

  it('of a set’s waiting windows the newest 24 stay, whatever their order', () => {
    const ledger = Array.from({ length: 25 }, (_, index) =>
      entry(T0 - (index + 3) * HOUR_MS, T0 - (index + 1) * HOUR_MS),
    );
    const { coverage, gaps } = planBacklog({
      ...shared,
      rule: set,
      coverage: { ...NO_COVERAGE, frontier: T0, ledger },
      now: T0,
    });
    expect(gaps).toEqual([
      {
        ...entry(T0 - 27 * HOUR_MS, T0 - 25 * HOUR_MS),
        outcome: 'gap',
        reason: 'more than 24 windows of this rule were waiting',
      },
    ]);
    expect(coverage.ledger.filter(({ outcome }) => outcome === 'pending')).toHaveLength(24);
    const twentyFour = { ...NO_COVERAGE, frontier: T0, ledger: ledger.slice(0, 24) };
    expect(planBacklog({ ...shared, rule: set, coverage: twentyFour, now: T0 }).gaps).toEqual([]);
  });

  it('a gap names the last failure of its window', () => {
    const ledger = [entry(T0 - HOUR_MS, T0, { reason: 'the service was down' })];
    const { gaps } = planBacklog({
      ...shared,
      rule: stream,
      coverage: { ...NO_COVERAGE, frontier: T0, ledger },
      now: T0 + 31 * DAY_MS,
    });
    expect(gaps[0]?.reason).toBe(
      'older than the 30d of data that the source keeps; last failure: the service was down',
    );
  });
});
