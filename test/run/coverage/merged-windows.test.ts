import { describe, expect, it } from '@jest/globals';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { cutAtGrid, mergesHits } from '../../../src/run/coverage/merging-hits.ts';
import { divideOldest, joinPending, missedOfSet, missedOfStream } from '../../../src/run/coverage/missed.ts';
import { NO_COVERAGE, planDue, sliceOf } from '../../../src/run/coverage.ts';
import { DEFAULT_WINDOW_SETTINGS as settings } from '../../../src/run/windows.ts';
import type { LedgerEntry } from '../../../src/state/store.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, HOUR, MINUTE, T0 } from '../story.ts';

const latest = (time: number): number => T0 + Math.floor((time - T0) / HOUR) * HOUR;
/** L's every hour, and T0 is one of them. */
const grid = { latest, next: (time: number) => latest(time) + HOUR };
const never = { latest: () => null, next: () => null };
const cron = { kind: 'cron', cron: '0 * * * *', timezone: 'UTC', lookbackMs: null } as const;

/** Hours behind T0 in the place of times. */
const entry = (from: number, to: number, over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  id: `${T0 + from * HOUR}-${T0 + to * HOUR}`,
  from: T0 + from * HOUR,
  to: T0 + to * HOUR,
  logicalTime: T0 + to * HOUR,
  attempts: 0,
  outcome: 'pending',
  reason: null,
  ...over,
});
const spans = (ranges: readonly { readonly from: number; readonly to: number }[]) =>
  ranges.map(({ from, to }) => [(from - T0) / HOUR, (to - T0) / HOUR]);

describe('the longest stretch of one run', () => {
  const stretch = (over: Partial<RunnableRule>, sliceMs: number | null = null) => sliceOf(makeRule(over), { sliceMs });
  const every = (everyMs: number, lookbackMs: number) =>
    ({ schedule: { kind: 'every', everyMs, lookbackMs: null }, lookbackMs }) as const;

  it('is the interval, an hour at least, and as long as the lookback at least', () => {
    expect(stretch(every(3 * HOUR, HOUR))).toBe(3 * HOUR);
    expect(stretch(every(MINUTE, MINUTE))).toBe(HOUR);
    expect(stretch(every(HOUR, 2 * HOUR))).toBe(2 * HOUR);
    expect(stretch({ schedule: cron, lookbackMs: MINUTE })).toBe(HOUR);
  });

  it('is what has worked, where that is learnt', () => {
    expect(stretch(every(MINUTE, MINUTE), 5 * MINUTE)).toBe(5 * MINUTE);
    expect(stretch(every(HOUR, HOUR), 5 * MINUTE)).toBe(HOUR);
  });
});

describe('what a stream has waiting', () => {
  const due = (ledger: readonly LedgerEntry[], frontier: number) =>
    planDue({
      rule: makeRule(),
      coverage: { ...NO_COVERAGE, frontier: T0 + frontier * HOUR, ledger },
      logicalTime: T0,
      grid,
      now: T0,
      retentionMs: 30 * DAY,
      settings,
    });

  it('keeps why it failed where it stays the same window', () => {
    const { coverage, planned } = due([entry(-3, -2, { reason: 'down' })], -1);
    expect(coverage.ledger).toEqual([entry(-3, -2, { reason: 'down' })]);
    expect(spans([planned?.core ?? { from: 0, to: 0 }])).toEqual([[-1, 0]]);
  });

  it('is cut anew where it is longer than one run, and says nothing of the whole then', () => {
    const { coverage } = due([entry(-4, -2.5, { reason: 'down' })], -1);
    expect(coverage.ledger).toEqual([entry(-4, -3.5), entry(-3.5, -2.5)]);
  });

  it('is one with what it touches', () => {
    const { coverage, planned } = due([entry(-3, -2), entry(-2, -1)], -1);
    expect(spans(coverage.ledger)).toEqual([
      [-3, -2],
      [-2, -1],
    ]);
    expect(spans([planned?.core ?? { from: 0, to: 0 }])).toEqual([[-1, 0]]);
  });
});

describe('rows that become one alert', () => {
  const merging = { dedupColumns: ['DeviceId'], per: 'row' } as const;
  const merges = (over: Partial<RunnableRule>, alert: Partial<RunnableRule['alert']> = merging) =>
    mergesHits(makeRule({ ...over, alert: { ...makeRule().alert, ...alert } }));

  it('are those of a stream with dedup columns', () => {
    expect(merges({})).toBe(true);
    expect(merges({ effectiveShape: 'set' })).toBe(false);
    expect(merges({}, { ...merging, dedupColumns: null })).toBe(false);
    expect(merges({}, { ...merging, per: 'run' })).toBe(false);
  });

  it('have their windows cut at times of the rule, where it has any', () => {
    const range = { from: T0 - 3.5 * HOUR, to: T0 };
    expect(spans(cutAtGrid(range, 1.5 * HOUR, grid))).toEqual([
      [-3.5, -2],
      [-2, -1],
      [-1, 0],
    ]);
    expect(spans(cutAtGrid(range, 2 * HOUR, grid))).toEqual([
      [-3.5, -2],
      [-2, 0],
    ]);
    expect(spans(cutAtGrid(range, MINUTE, grid))).toEqual([
      [-3.5, -3],
      [-3, -2],
      [-2, -1],
      [-1, 0],
    ]);
    expect(spans(cutAtGrid(range, HOUR, never))).toEqual([[-3.5, 0]]);
    expect(cutAtGrid({ from: T0, to: T0 }, HOUR, grid)).toEqual([]);
  });
});

describe('a stream that asks for the time', () => {
  const asking = makeRule({}, { usesTime: true });

  it('has missed all to the L before this one, as one', () => {
    expect(spans(missedOfStream(T0 - 5 * HOUR, T0, grid))).toEqual([
      [-5, -1],
      [-1, 0],
    ]);
    expect(spans(missedOfStream(T0 - HOUR, T0, grid))).toEqual([[-1, 0]]);
    expect(spans(missedOfStream(T0 - HOUR - 1, T0, grid))).toHaveLength(2);
    expect(spans(missedOfStream(T0 - 5 * HOUR, T0, never))).toEqual([[-5, 0]]);
  });

  it('joins what waits where that holds the same times', () => {
    const joined = (...entries: LedgerEntry[]) => spans(joinPending(entries, grid));
    expect(joined(entry(-4, -3), entry(-3, -2))).toEqual([[-4, -2]]);
    expect(joined(entry(-4, -3), entry(-2, -1))).toHaveLength(2);
    expect(joined(entry(-4, -2), entry(-3, -1))).toHaveLength(2);
    expect(joined(entry(-4, -3.5), entry(-3.5, -2))).toHaveLength(2);
    expect(joined(entry(-4, -3, { attempts: 1 }), entry(-3, -2))).toHaveLength(2);
    expect(joined(entry(-4, -3), entry(-3, -2, { attempts: 1 }))).toHaveLength(2);
    expect(joined(entry(-4, -3, { logicalTime: T0 }), entry(-3, -2))).toHaveLength(2);
    expect(joined(entry(-4, -3), entry(-3, -2, { logicalTime: T0 }))).toHaveLength(2);
  });

  it('takes the window of the first time out of the oldest of them', () => {
    const divided = (rule: RunnableRule, ...entries: LedgerEntry[]) => spans(divideOldest(rule, entries, grid));
    const gap = entry(-9, -8, { outcome: 'gap' });
    expect(divided(asking, gap, entry(-4, -2), entry(-2, 0))).toEqual([
      [-9, -8],
      [-4, -3],
      [-3, -2],
      [-2, 0],
    ]);
    expect(divided(asking, entry(-4, -3))).toHaveLength(1);
    expect(divided(asking, entry(-3.5, -2))).toEqual([
      [-3.5, -3],
      [-3, -2],
    ]);
    expect(divided(makeRule(), entry(-4, -2))).toHaveLength(1);
    expect(divided(asking, entry(-4, -2, { logicalTime: T0 }))).toHaveLength(1);
    expect(divideOldest(asking, [entry(-4, -2)], never)).toEqual([entry(-4, -2)]);
    expect(divided(asking, gap)).toHaveLength(1);
  });
});

describe('the missed windows of a set', () => {
  const missed = (frontierHours: number, lookbackMs: number, pendingLimit = settings.pendingLimit) => {
    const rule = makeRule({ effectiveShape: 'set', lookbackMs });
    const input = { rule, grid, logicalTime: T0, settings: { ...settings, pendingLimit } };
    return missedOfSet(T0 + frontierHours * HOUR, input);
  };

  it('are one for each time since the frontier, and the one of now', () => {
    const { cores, lost } = missed(-3, 2 * HOUR);
    expect(spans(cores)).toEqual([
      [-4, -2],
      [-3, -1],
      [-2, 0],
    ]);
    expect(lost).toEqual([]);
  });

  it('are so many as may wait, and the rest is lost', () => {
    expect(missed(-4, HOUR, 3)).toMatchObject({ lost: [] });
    const { cores, lost } = missed(-5, HOUR, 3);
    expect(spans(cores)).toEqual([
      [-4, -3],
      [-3, -2],
      [-2, -1],
      [-1, 0],
    ]);
    expect(lost).toEqual([
      { ...entry(-5, -4), outcome: 'gap', reason: 'more than 3 windows of this rule were waiting' },
    ]);
  });

  it('leave out what the lookback does not reach', () => {
    const reason = 'no run looks at it: the lookback is 30m';
    expect(missed(-2, 30 * MINUTE).lost).toEqual([
      { ...entry(-2, -1.5), outcome: 'unscheduled', reason },
      { ...entry(-1, -0.5), outcome: 'unscheduled', reason },
    ]);
    expect(spans(missed(-3, 30 * MINUTE, 1).lost)).toEqual([
      [-3, -2],
      [-2, -1.5],
      [-1, -0.5],
    ]);
  });
});
