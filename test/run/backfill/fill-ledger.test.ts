import { describe, expect, it } from '@jest/globals';
import { fillLedger } from '../../../src/run/backfill/fill-ledger.ts';
import type { LedgerOutcome } from '../../../src/state/store.ts';
import { HOUR, MINUTE, T0 } from '../story.ts';

const SET = { effectiveShape: 'set', lookbackMs: 24 * HOUR } as const;
/** An L every half hour. */
const GRID = { latest: (time: number) => Math.floor(time / (30 * MINUTE)) * 30 * MINUTE };
const CORE = { from: T0 - 21 * HOUR, to: T0 + 3 * HOUR };

/** What is left of ten hours behind `T0` once the window of three hours behind it has been searched, in hours behind `T0`. */
function leftOf(outcome: LedgerOutcome): readonly (readonly number[])[] {
  const entry = {
    id: 'one',
    from: T0,
    to: T0 + 10 * HOUR,
    logicalTime: T0 + 10 * HOUR,
    attempts: 0,
    outcome,
    reason: null,
  };
  return fillLedger(SET, [entry], CORE, GRID).map(({ from, to }) => [(from - T0) / HOUR, (to - T0) / HOUR]);
}

describe('the ledger of a set once one window of a backfill is searched', () => {
  it.each(['gap', 'disabled'] as const)('keeps the other times of the schedule of an entry %s', (outcome) => {
    expect(leftOf(outcome)).toEqual([
      [0, 2.5],
      [3, 10],
    ]);
  });

  it('keeps of what no window reaches only what this one does not reach either', () => {
    expect(leftOf('unscheduled')).toEqual([[3, 10]]);
  });
});
