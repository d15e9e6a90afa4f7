import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pendingEntry } from '../../src/run/coverage/ledger.ts';
import { cutAtGrid, withoutWaiting } from '../../src/run/coverage/merging-hits.ts';
import { createTimetable } from '../../src/run/schedule.ts';
import { HOUR, MINUTE, T0 } from './story.ts';

const schedules = fc.oneof(
  fc
    .constantFrom(7, 15, 40, 60, 150)
    .map((minutes) => ({ kind: 'every' as const, everyMs: minutes * MINUTE, lookbackMs: null })),
  fc
    .constantFrom('*/20 * * * *', '5 6-20 * * 1-5', '0 3 * * *')
    .map((cron) => ({ kind: 'cron' as const, cron, timezone: 'Europe/Berlin', lookbackMs: null })),
);

describe('cutAtGrid', () => {
  it('covers the range, in pieces that begin at times of the grid and are as long as allowed', () => {
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 3 }),
        (schedule, start, hours) => {
          const grid = createTimetable(schedule as never, 'rule');
          const to = grid.latest(T0) ?? T0;
          const range = { from: to - start * HOUR, to };
          const pieces = cutAtGrid(range, hours * HOUR, grid);
          expect([pieces[0]?.from, pieces.at(-1)?.to]).toEqual([range.from, range.to]);
          for (const [index, piece] of pieces.entries()) {
            const one = grid.latest(piece.to - 1) ?? 0;
            const isShort = piece.to - piece.from <= hours * HOUR;
            const follows = index === 0 || piece.from === pieces[index - 1]?.to;
            const isOnGrid = index === 0 || grid.latest(piece.from) === piece.from;
            const isOneStep = piece.from === one || (piece.from === range.from && one <= range.from);
            // An expectation takes longer than all of these, and there are thousands of pieces.
            if (!(follows && isOnGrid && (isShort || isOneStep))) throw new Error(`piece ${index} of ${pieces.length}`);
          }
        },
      ),
    );
  });
});

describe('withoutWaiting', () => {
  it('asks for nothing that a waiting window will ask for', () => {
    const asked = { from: T0 - HOUR, to: T0, basis: 'ingestion' as const };
    const core = { from: T0 - 15 * MINUTE, to: T0 };
    const waiting = [
      pendingEntry({ from: T0 - 9 * HOUR, to: T0 - 8 * HOUR }, 0),
      pendingEntry({ from: T0 - 8 * HOUR, to: core.from }, 0),
    ];
    expect(withoutWaiting(asked, core, waiting)).toEqual({ ...asked, from: core.from });
    expect(withoutWaiting(asked, core, waiting.slice(0, 1))).toEqual(asked);
    expect(withoutWaiting(asked, core, [])).toEqual(asked);
    expect(withoutWaiting(null, core, waiting)).toBeNull();
  });
});
