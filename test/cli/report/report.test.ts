import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latencyOf } from '../../../src/cli/report/latency.ts';
import { coverageSpans } from '../../../src/run/coverage/coverage-spans.ts';
import { closedEntry } from '../../../src/run/coverage/ledger.ts';
import { HOSTILE, reportOfSomeDays } from './some-days.ts';

describe('a report', () => {
  it('adds up the runs, alerts and deliveries of its days', async () => {
    const report = await reportOfSomeDays();
    expect(report.totals).toEqual({ runs: 4, failedRuns: 1, rows: 6, alerts: 3, delivered: 3, deadLetters: 0 });
    expect(report.alertsByDay.map(({ day, severities }) => [day, severities.high])).toEqual([
      ['2026-11-25', 1],
      ['2026-11-26', 2],
      ['2026-11-27', 0],
    ]);
    expect(report.runsByDay.map(({ outcomes }) => [outcomes.ok, outcomes.failed])).toEqual([
      [1, 0],
      [2, 0],
      [0, 1],
    ]);
    expect(report.rules.map(({ rule, alerts, failedRuns }) => [rule, alerts, failedRuns])).toEqual([
      [HOSTILE, 3, 0],
      ['heavy', 0, 1],
    ]);
    expect(report.rules[0]).toMatchObject({
      suppressed: { duplicate: 3, quiet: 6, excepted: 9 },
      dispositions: { true: 0, false: 0, benign: 1 },
    });
    expect(report.latency).toMatchObject({ deliveries: 3, median: 121_000, longest: 181_000 });
    expect(report.gaps).toMatchObject([{ rule: HOSTILE, to: '2026-11-26T04:00:00.000Z', reason: 'five failures' }]);
    expect(report.quota[0]?.hours.map(({ calls }) => calls).filter((calls) => calls > 0)).toEqual([1, 1, 1, 4]);
    expect(report.techniques).toMatchObject([{ id: 'T1059.001', enabled: 1, alerts: 3 }]);
  });
});

describe('what a report says of times', () => {
  it('are quantiles of the nearest rank, and bars that hold each delivery once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1e9 }), { minLength: 1, maxLength: 50 }), (times) => {
        const { deliveries, median, p99, longest, distribution } = latencyOf(times);
        const sorted = times.map((time) => Math.max(0, time)).sort((a, b) => a - b);
        expect(deliveries).toBe(times.length);
        expect(longest).toBe(sorted.at(-1));
        expect(median).toBe(sorted[Math.ceil(times.length / 2) - 1]);
        expect(p99 ?? 0).toBeLessThanOrEqual(longest ?? 0);
        expect(distribution.reduce((sum, bar) => sum + bar.deliveries, 0)).toBe(times.length);
      }),
      { numRuns: 50 },
    );
    expect(latencyOf([])).toMatchObject({ deliveries: 0, median: null, longest: null });
  });

  it('are spans of coverage that follow each other, with what the ledger tells laid over them', () => {
    const entry = (from: number, to: number, outcome: 'gap' | 'pending') => closedEntry({ from, to }, outcome, null);
    const iso = (at: number): string => new Date(at).toISOString();
    const spansOf = (ledger: readonly ReturnType<typeof entry>[], frontier: number | null, first: number | null) =>
      coverageSpans({ frontier, ledger }, first, { from: 100, to: 1000 });
    expect(spansOf([entry(300, 400, 'gap'), entry(900, 2000, 'pending')], 2000, 50)).toEqual([
      { from: iso(100), to: iso(300), state: 'covered' },
      { from: iso(300), to: iso(400), state: 'gap' },
      { from: iso(400), to: iso(900), state: 'covered' },
      { from: iso(900), to: iso(1000), state: 'pending' },
    ]);
    expect(spansOf([entry(300, 500, 'gap'), entry(400, 450, 'pending')], 500, null).map(({ state }) => state)).toEqual([
      'gap',
      'pending',
      'gap',
    ]);
    expect(spansOf([], null, null)).toEqual([]);
  });
});
