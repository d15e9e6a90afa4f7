import { describe, expect, it } from '@jest/globals';
import { restLeft } from '../../src/run/coverage/rest.ts';
import { isRecorded, restOfSlice, restOrGap } from '../../src/run/coverage/slices.ts';
import { askedWindow, cut, DEFAULT_WINDOW_SETTINGS, delayOf, halve, unite } from '../../src/run/windows.ts';
import type { LedgerEntry, LedgerOutcome } from '../../src/state/store.ts';
import { makePrepared, makeRule } from './make-rule.ts';
import { HOUR, MINUTE, T0 } from './story.ts';

const DAY = 24 * HOUR;
const settings = DEFAULT_WINDOW_SETTINGS;
const core = { from: T0, to: T0 + HOUR };
const basis = (name: 'ingestion' | 'event' | 'none') => ({ basis: name, tables: {}, keepFilters: 'never' }) as const;

describe('the settings of windows', () => {
  it('are the numbers of the documentation', () => {
    expect(settings).toEqual({
      settleMs: 10 * MINUTE,
      overlapMs: HOUR,
      overlapByTable: { OfficeActivity: 4 * HOUR, AzureActivity: HOUR },
      latenessMs: 3 * DAY,
      delayMs: { ingestion: 2 * MINUTE, event: 5 * MINUTE },
      smallestSliceMs: MINUTE,
      pendingLimit: 24,
      attemptLimit: 5,
      extraCalls: 8,
    });
    const delays = (['ingestion', 'event', 'none'] as const).map((name) =>
      delayOf({ window: basis(name), effectiveShape: 'stream' }, settings),
    );
    expect(delays).toEqual([2 * MINUTE, 5 * MINUTE, 5 * MINUTE]);
    expect(delayOf({ window: basis('none'), effectiveShape: 'snapshot' }, settings)).toBe(0);
  });
});

describe('what is asked for a range', () => {
  const asked = (over: Parameters<typeof makeRule>[0], prepared: Parameters<typeof makeRule>[1] = {}) =>
    askedWindow(makeRule(over, prepared), core, settings);

  it('reaches back by settle or overlap in a stream', () => {
    expect(asked({})).toEqual({ from: T0 - 10 * MINUTE, to: T0 + HOUR, basis: 'ingestion' });
    expect(asked({ window: basis('event') })).toEqual({ from: T0 - HOUR, to: T0 + HOUR, basis: 'event' });
  });

  it('reaches back by the longest overlap of its tables, and never by less than the usual one', () => {
    const [reference] = makePrepared().tables;
    const over = (tables: readonly string[]) =>
      asked({ window: basis('event') }, { tables: tables.map((table) => ({ ...reference, table })) as never })?.from;
    expect([over(['OfficeActivity', 'DeviceEvents']), over(['DeviceEvents']), over([])]).toEqual([
      T0 - 4 * HOUR,
      T0 - HOUR,
      T0 - HOUR,
    ]);
  });

  it('reaches back by the lookback where that is longer, and by an upper bound of the query', () => {
    expect(asked({ lookbackMs: 3 * HOUR })?.from).toBe(T0 - 2 * HOUR - 10 * MINUTE);
    expect(asked({}, { upperMs: HOUR })?.from).toBe(T0 - HOUR - 10 * MINUTE);
  });

  it('is the range alone in a set, and nothing in a snapshot', () => {
    expect(asked({ effectiveShape: 'set', lookbackMs: 3 * HOUR })).toEqual({ ...core, basis: 'ingestion' });
    expect(asked({ window: basis('none'), effectiveShape: 'snapshot' })).toBeNull();
  });
});

describe('ranges', () => {
  it('are cut from their end on, oldest first', () => {
    expect(cut({ from: 0, to: 25 }, 10)).toEqual([
      { from: 0, to: 5 },
      { from: 5, to: 15 },
      { from: 15, to: 25 },
    ]);
    expect(cut({ from: 0, to: 10 }, 10)).toEqual([{ from: 0, to: 10 }]);
    expect(cut({ from: 5, to: 5 }, 10)).toEqual([]);
  });

  it('are united where they touch, whatever their order', () => {
    const [a, b, c, d] = [
      { from: 0, to: 5 },
      { from: 5, to: 7 },
      { from: 8, to: 20 },
      { from: 9, to: 10 },
    ] as const;
    expect(unite([d, c, b, a])).toEqual([
      { from: 0, to: 7 },
      { from: 8, to: 20 },
    ]);
    expect(unite([])).toEqual([]);
  });

  it('are divided at the whole minute nearest to their middle, down to what lies in one', () => {
    const parts = (from: number, to: number) =>
      halve({ from: T0 + from, to: T0 + to, basis: 'ingestion' }, settings)?.map((part) => [
        part.from - T0,
        part.to - T0,
        part.basis,
      ]);
    const divided = (from: number, at: number, to: number) => [
      [from, at, 'ingestion'],
      [at, to, 'ingestion'],
    ];
    expect(parts(0, MINUTE)).toBeUndefined();
    expect(parts(10, MINUTE - 10)).toBeUndefined();
    expect(parts(0, 2 * MINUTE)).toEqual(divided(0, MINUTE, 2 * MINUTE));
    expect(parts(0, MINUTE + 1)).toEqual(divided(0, MINUTE, MINUTE + 1));
    expect(parts(MINUTE - 1, 2 * MINUTE)).toEqual(divided(MINUTE - 1, MINUTE, 2 * MINUTE));
    expect(parts(1, 10 * MINUTE + 3)).toEqual(divided(1, 5 * MINUTE, 10 * MINUTE + 3));
    expect(parts(40_000, 4 * MINUTE)).toEqual(divided(40_000, 2 * MINUTE, 4 * MINUTE));
  });
});

function entryOf(over: Partial<LedgerEntry> = {}): LedgerEntry {
  const outcome: LedgerOutcome = 'pending';
  return { id: 'x', ...core, logicalTime: core.to, attempts: 0, outcome, reason: null, ...over };
}

describe('the rest of a window that failed', () => {
  it.each([
    [MINUTE, 15 * MINUTE],
    [HOUR, HOUR],
    [DAY, 6 * HOUR],
  ])('of a rule of %d ms lasts %d ms, and no longer whatever the clock says', (everyMs, restMs) => {
    const rule = { schedule: { kind: 'every', everyMs, lookbackMs: null } } as const;
    const left = (elapsedMs: number) => restLeft(rule, entryOf({ failedAt: T0 }), T0 + elapsedMs);
    expect([left(0), left(1), left(restMs - 1), left(restMs), left(restMs + 1), left(-DAY)]).toEqual([
      restMs,
      restMs - 1,
      1,
      0,
      0,
      restMs,
    ]);
    expect(restLeft(rule, entryOf(), T0)).toBe(0);
  });
});

describe('a slice that could not be asked', () => {
  const failure = { at: T0 + DAY, reason: 'too heavy' };
  const asked = { core, logicalTime: core.to, attempts: 2 };
  const rest = (from: number, to: number, smallest: boolean) =>
    restOfSlice(asked, { from, to, smallest }, failure, settings);

  it('is known for one, and counts failures before only where it is the same again', () => {
    const half = { from: T0, to: T0 + HOUR / 2 };
    expect(rest(half.from, half.to, false)).toEqual({
      ...half,
      id: `${half.from}-${half.to}`,
      logicalTime: core.to,
      attempts: 1,
      outcome: 'pending',
      reason: 'too heavy',
    });
    expect(rest(half.from, half.to, true)).toMatchObject({ attempts: 1, failedAt: T0 + DAY, logicalTime: core.to });
    expect(rest(core.from, core.to - 1, true).attempts).toBe(1);
    expect(rest(core.from + 1, core.to, true).attempts).toBe(1);
    expect(rest(core.from, core.to, true).attempts).toBe(3);
  });

  it('is given up after its fifth failure, with the last reason', () => {
    const waits = restOrGap(entryOf({ attempts: 4, reason: 'x' }), T0, settings);
    expect(waits).toMatchObject({ outcome: 'pending', failedAt: T0 });
    const given = restOrGap(entryOf({ attempts: 5, reason: 'x', logicalTime: T0 + DAY }), T0, settings);
    expect(given).toEqual({
      id: `${core.from}-${core.to}`,
      ...core,
      logicalTime: T0 + DAY,
      attempts: 5,
      outcome: 'gap',
      reason: 'failed 5 times: x',
    });
  });

  it('is recorded where what holds it waits or is given up', () => {
    const inside = entryOf({ from: T0 + 1, to: T0 + HOUR - 1 });
    const held = (outcome: LedgerOutcome, over: Partial<LedgerEntry> = {}) =>
      isRecorded(inside, [entryOf({ outcome: 'truncated' }), entryOf({ outcome, ...over })]);
    expect([held('pending'), held('gap'), held('disabled'), held('truncated')]).toEqual([true, true, false, false]);
    expect([
      held('gap', { from: T0 + 1, to: T0 + HOUR - 1 }),
      held('gap', { from: T0 + 2 }),
      held('gap', { to: T0 + HOUR - 2 }),
    ]).toEqual([true, false, false]);
    expect(isRecorded({ ...inside, outcome: 'truncated' }, [entryOf()])).toBe(false);
    expect(isRecorded(inside, [])).toBe(false);
  });
});
