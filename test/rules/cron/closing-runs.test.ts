import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withClosingRuns } from '../../../src/rules/cron/closing-runs.ts';
import { cronGrid } from '../../../src/rules/cron/cron-grid.ts';
import { longestMet, scheduleSpacing } from '../../../src/rules/cron/spacing.ts';
import { tries } from '../../tries.ts';
import { type Change, changesOf, DAY, HOUR, MINUTE } from './slow-model.ts';

const gridOf = (cron: string, timezone: string) => cronGrid({ kind: 'cron', cron, timezone, lookbackMs: null });
const at = (iso: string): number => Date.parse(iso);
const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);

function runsOf(grid: Pick<ReturnType<typeof cronGrid>, 'next'>, from: number, to: number): number[] {
  const runs: number[] = [];
  for (let run = grid.next(from - 1); run !== null && run <= to; run = grid.next(run)) runs.push(run);
  return runs;
}

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Havana',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Antarctica/Troll',
];
const changes = ZONES.flatMap((zone) => changesOf(zone, Date.UTC(2024, 0, 1), Date.UTC(2035, 0, 1)));

describe('closing runs', () => {
  it('of a daily rule that looks back a day: one more on the day of 25 hours', () => {
    const grid = withClosingRuns(gridOf('0 6 * * *', 'Europe/Berlin'), DAY);
    const runs = runsOf(grid, at('2026-10-24T00:00:00Z'), at('2026-10-26T12:00:00Z'));
    expect(runs.map(iso)).toEqual(['2026-10-24T04:00', '2026-10-25T04:00', '2026-10-25T05:00', '2026-10-26T05:00']);
  });

  it('of an hour in a list, which does not run twice: as many as the hour needs', () => {
    const grid = withClosingRuns(gridOf('0,30 0,1,2,3,4 * * *', 'Europe/Berlin'), 30 * MINUTE);
    const runs = runsOf(grid, at('2026-10-25T00:00:00Z'), at('2026-10-25T02:30:00Z'));
    expect(runs.map(iso)).toEqual(
      ['00:00', '00:30', '01:00', '01:30', '02:00', '02:30'].map((time) => `2026-10-25T${time}`),
    );
  });

  it('are none where the schedule itself pauses', () => {
    const base = gridOf('0 6 * * 1-5', 'Europe/Berlin');
    const [from, to] = [at('2026-10-23T00:00:00Z'), at('2026-10-27T00:00:00Z')];
    expect(runsOf(withClosingRuns(base, DAY), from, to)).toEqual(runsOf(base, from, to));
    expect(runsOf(withClosingRuns(base, 3 * DAY), from, to).map(iso)).toContain('2026-10-26T04:00');
  });

  it('leave no time between two windows that is not in one of them, around every change, and are the same forward and back', () => {
    const text = fc.constantFrom(
      '0 6 * * *',
      '30 2 * * *',
      '*/15 * * * *',
      '0,20 0,1,2,3 * * *',
      '15 1-3 * * 0,6,1',
      '0 */6 * * *',
    );
    fc.assert(
      fc.property(
        fc.constantFrom<Change>(...changes),
        text,
        fc.constantFrom(1, 1.5, 2),
        ({ zone, at: change }, cron, by) => {
          const gaps = scheduleSpacing({ kind: 'cron', cron, timezone: zone, lookbackMs: null });
          if (!gaps) throw new Error('it runs');
          const lookback = longestMet(gaps, 2 * DAY) * by;
          const grid = withClosingRuns(gridOf(cron, zone), lookback);
          const runs = runsOf(grid, change - 3 * DAY, change + 3 * DAY);
          const runBefore = (index: number): number => runs[index - 1] ?? (runs[0] ?? 0) - lookback;
          const torn = runs.filter((run, index) => run - runBefore(index) > lookback);
          if (gaps.longestMs <= lookback) expect(torn).toEqual([]);
          const wrong = runs.filter(
            (run, index) => grid.latest(run) !== run || (index > 0 && grid.latest(run - 1) !== runBefore(index)),
          );
          expect(wrong).toEqual([]);
          const all = new Set(runs);
          const base = runsOf(gridOf(cron, zone), change - 3 * DAY, change + 3 * DAY);
          expect(base.filter((run) => !all.has(run))).toEqual([]);
        },
      ),
      { numRuns: tries(40, 300) },
    );
  });

  it('cost one run a year, or few', () => {
    const base = gridOf('0 * * * *', 'Europe/Berlin');
    const [from, to] = [at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z')];
    expect(runsOf(withClosingRuns(base, HOUR), from, to)).toEqual(runsOf(base, from, to));
    const daily = gridOf('0 6 * * *', 'Europe/Berlin');
    expect(runsOf(withClosingRuns(daily, DAY), from, to)).toHaveLength(366);
  });
});
