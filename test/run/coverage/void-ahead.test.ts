import { describe, expect, it } from '@jest/globals';
import { leapsAfter, voidAhead } from '../../../src/run/coverage/void-ahead.ts';
import type { LedgerEntry, RuleState } from '../../../src/state/store.ts';
import { makeRule } from '../make-rule.ts';
import { DAY, HOUR, MINUTE, T0 } from '../story.ts';

const stream = makeRule();
const set = makeRule({ effectiveShape: 'set' });
const DELAY = 2 * MINUTE;

const entry = (from: number, to: number, outcome: LedgerEntry['outcome'] = 'pending'): LedgerEntry => ({
  id: `${from}-${to}`,
  from,
  to,
  logicalTime: to,
  attempts: 2,
  outcome,
  reason: null,
});

const stateOf = (over: Partial<RuleState>): RuleState => ({
  frontier: T0,
  ledger: [],
  sliceMs: null,
  standing: 'ok',
  failingSince: null,
  failures: 0,
  lastError: null,
  lastRun: null,
  ruleTrait: null,
  changedAt: null,
  ...over,
});

const at = (rule = stream, now = T0, aheadSince: number | null = null) => {
  return { rule, now, delayMs: DELAY, aheadSince, knownSince: now };
};

describe('coverage that lies ahead of the service', () => {
  it('by a minute is within what a clock may tell, and by more is void', () => {
    const within = stateOf({ frontier: T0 + MINUTE });
    expect(voidAhead(within, at())).toEqual({ state: within, found: null });
    expect(voidAhead(stateOf({ frontier: null }), at()).found).toBeNull();
    expect(voidAhead(stateOf({ frontier: T0 + MINUTE + 1 }), at()).found).toMatchObject({
      to: T0 + MINUTE + 1,
      at: T0,
    });
  });

  it('is searched again from before the leap that led there', () => {
    const leaps = [
      { from: T0 - 9 * DAY, to: T0 - 8 * DAY },
      { from: T0 - 3 * HOUR, to: T0 + DAY },
      { from: T0 + DAY, to: T0 + 3 * DAY },
    ];
    const { state, found } = voidAhead(stateOf({ frontier: T0 + 3 * DAY, leaps }), at());
    expect(found?.from).toBe(T0 - 3 * HOUR);
    expect([state.frontier, state.leaps]).toEqual([T0 - 3 * HOUR, leaps.slice(0, 1)]);
  });

  it('goes by no leap that is over and was smaller than the clock was ahead, and keeps it', () => {
    const leadMs = DAY + DELAY - HOUR;
    const leaps = [{ from: T0 - DAY - leadMs, to: T0 - DAY }];
    const voided = (more: number) =>
      voidAhead(stateOf({ frontier: T0 + DAY, leaps: leaps.map(({ from, to }) => ({ from: from - more, to })) }), at());
    expect(voided(0).found?.from).toBe(T0 - DELAY - 2 * HOUR - 15 * MINUTE);
    expect(voided(0).state.leaps).toEqual(leaps);
    expect(voided(1).found?.from).toBe(T0 - DAY - leadMs - 1);
    expect(voided(1).state.leaps).toEqual([]);
    expect(voidAhead(stateOf({ frontier: T0 + HOUR }), at()).state.leaps).toEqual([]);
    const touching = [{ from: T0 - 4 * HOUR, to: T0 - DELAY - 2 * HOUR - 15 * MINUTE }];
    expect(voidAhead(stateOf({ frontier: T0 + DAY, leaps: touching }), at()).state.leaps).toEqual(touching);
  });

  it('is searched again from before now at the latest, whatever leap led there', () => {
    const leaps = [{ from: T0 + HOUR, to: T0 + DAY }];
    expect(voidAhead(stateOf({ frontier: T0 + DAY, leaps }), at()).found?.from).toBe(T0 - DELAY);
  });

  it('is searched again from a step of the schedule back where no leap was noted', () => {
    expect(voidAhead(stateOf({ frontier: T0 + HOUR }), at()).found?.from).toBe(T0 - DELAY - 2 * HOUR - 15 * MINUTE);
  });

  it('takes windows and gaps that were made there with it; a stream keeps what lies before', () => {
    const start = T0 - DELAY - 2 * HOUR - 15 * MINUTE;
    const ledger = [
      entry(start - HOUR, start),
      entry(start - 1, start + 1),
      entry(start, start + HOUR),
      entry(start - 5, T0 + HOUR, 'gap'),
      entry(T0 + HOUR, T0 + 2 * HOUR, 'gap'),
    ];
    expect(voidAhead(stateOf({ frontier: T0 + 2 * HOUR, ledger }), at()).state.ledger).toEqual([
      entry(start - HOUR, start),
      entry(start - 1, start),
      entry(start - 5, start, 'gap'),
    ]);
    expect(voidAhead(stateOf({ frontier: T0 + 2 * HOUR, ledger }), at(set)).state.ledger).toEqual([
      entry(start - HOUR, start),
      entry(start - 5, start, 'gap'),
    ]);
  });

  it('does not hide hits behind a change of the rule that lies ahead', () => {
    const { state, found } = voidAhead(stateOf({ frontier: T0 + DAY, changedAt: T0 + DAY }), at());
    expect(state.changedAt).toBe(found?.from);
  });
});

describe('coverage that lay ahead when it was made', () => {
  it('is void from where the clock went wrong, though its time is over', () => {
    const ledger = [entry(T0 - 6 * HOUR, T0 - 4 * HOUR), entry(T0 - 4 * HOUR, T0 - 2 * HOUR, 'gap')];
    const since = T0 - 3 * HOUR;
    const { state, found } = voidAhead(stateOf({ frontier: T0 - HOUR, ledger }), at(stream, T0, since));
    expect(found).toEqual({ from: since - DELAY, to: T0 - HOUR, at: T0 });
    expect(state.frontier).toBe(since - DELAY);
    expect(state.ledger).toEqual([ledger[0], entry(T0 - 4 * HOUR, since - DELAY, 'gap')]);
  });

  it('is sound where it was made before the clock went wrong', () => {
    const sound = stateOf({ frontier: T0 - 3 * HOUR - DELAY });
    expect(voidAhead(sound, at(stream, T0, T0 - 3 * HOUR))).toEqual({ state: sound, found: null });
  });

  it('is void from the earlier of both where some still lies ahead', () => {
    const leaps = [{ from: T0 - 2 * HOUR, to: T0 + HOUR }];
    const voidFrom = (since: number) =>
      voidAhead(stateOf({ frontier: T0 + HOUR, leaps }), at(stream, T0, since)).found?.from;
    expect([voidFrom(T0 - 4 * HOUR), voidFrom(T0 - HOUR)]).toEqual([T0 - 4 * HOUR - DELAY, T0 - 2 * HOUR]);
  });
});

describe('a leap', () => {
  const steps = (count: number, size: number) =>
    Array.from({ length: count }, (_, index) => ({ from: index, to: index + size }));

  it('is what goes further than from one run to the next', () => {
    const step = HOUR + MINUTE;
    expect(leapsAfter(stream, stateOf({}), T0 + step)).toEqual([]);
    expect(leapsAfter(stream, stateOf({}), T0 + step + 1)).toEqual([{ from: T0, to: T0 + step + 1 }]);
    expect(leapsAfter(stream, stateOf({ frontier: null }), T0 + DAY)).toEqual([]);
  });

  it('is remembered with the largest, the latest among equals', () => {
    const [large = { from: 0, to: 0 }] = steps(1, 3 * DAY);
    const leaps = [large, ...steps(31, 2 * HOUR)];
    const latest = { from: T0, to: T0 + 2 * HOUR };
    expect(leapsAfter(stream, stateOf({ leaps }), latest.to)).toEqual([large, ...leaps.slice(2), latest]);
    expect(leapsAfter(stream, stateOf({ leaps: leaps.slice(1) }), latest.to)).toHaveLength(32);
  });

  it('may be the step of the clock though its time has come, if it is as large as the clock was ahead, less an interval', () => {
    const leapt = (size: number) => [{ from: T0 - 5 * HOUR, to: T0 - 5 * HOUR + size }];
    const voidFrom = (size: number) =>
      voidAhead(stateOf({ frontier: T0 + 4 * HOUR - DELAY, leaps: leapt(size) }), at()).found?.from;
    expect(voidFrom(3 * HOUR + 1)).toBe(T0 - 5 * HOUR);
    expect(voidFrom(3 * HOUR)).toBe(T0 - DELAY - 2 * HOUR - 15 * MINUTE);
    const known = (knownSince: number | null, from = T0 - 5 * HOUR) =>
      voidAhead(stateOf({ frontier: T0 + 4 * HOUR, leaps: [{ from, to: from + 4 * HOUR }] }), { ...at(), knownSince })
        .found?.from;
    expect(known(null)).toBe(T0 - 5 * HOUR);
    expect(known(T0 - 5 * HOUR + 1)).toBe(T0 - 5 * HOUR);
    expect(known(T0 - 5 * HOUR)).toBe(T0 - DELAY - 2 * HOUR - 15 * MINUTE);
    expect(known(null, T0 - 52 * HOUR)).toBe(T0 - DELAY - 2 * HOUR - 15 * MINUTE);
    expect(known(null, T0 - 52 * HOUR + 1)).toBe(T0 - 52 * HOUR + 1);
  });
});
