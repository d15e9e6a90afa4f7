import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ToldAlert } from '../../src/trial/backtest-tally.ts';
import { compareBacktests } from '../../src/trial/compare-backtests.ts';

const HOUR = 3_600_000;

/** An alert of the run that asks for the six hours before `hour`. */
function told(hour: number, over: Partial<ToldAlert> = {}): ToldAlert {
  return {
    id: `id-${hour}`,
    logicalTime: hour * HOUR,
    window: { from: (hour - 6) * HOUR, to: hour * HOUR },
    severity: 'medium',
    title: 'Title',
    dedupKey: 'key',
    rowCount: 1,
    firstSeen: '2026-01-01T00:00:00Z',
    lastSeen: '2026-01-01T00:00:00Z',
    rowKeys: [],
    ...over,
  };
}

describe('comparing two backtests', () => {
  it('keeps all of equal ones', () => {
    const alerts = [told(6, { rowKeys: ['a'] }), told(7, { rowKeys: ['b'] })];
    expect(compareBacktests(alerts, structuredClone(alerts))).toEqual({ kept: 2, gained: [], lost: [] });
  });

  it('tells what only one of them has', () => {
    const [both, old, fresh] = [
      told(6, { rowKeys: ['a'] }),
      told(7, { rowKeys: ['b'], dedupKey: 'b' }),
      told(8, { rowKeys: ['c'], dedupKey: 'c' }),
    ];
    const comparison = compareBacktests([both, old], [{ ...both }, fresh]);
    expect(comparison).toEqual({ kept: 1, gained: [fresh], lost: [old] });
  });

  it('knows an alert again by one row in common, whatever its dedup key and id', () => {
    const before = [told(6, { id: 'x', dedupKey: 'device', rowKeys: ['a', 'b'] })];
    const after = [told(6, { id: 'y', dedupKey: 'process', rowKeys: ['b', 'c'] })];
    expect(compareBacktests(before, after).kept).toBe(1);
  });

  it('knows an alert again by its dedup key where its rows look different', () => {
    const comparison = compareBacktests([told(6, { rowKeys: ['a'] })], [told(8, { rowKeys: ['b'] })]);
    expect(comparison.kept).toBe(1);
  });

  it('takes the same key in windows apart for different alerts', () => {
    const comparison = compareBacktests([told(6, { rowKeys: ['a'] })], [told(12, { rowKeys: ['a'] })]);
    expect(comparison).toMatchObject({ kept: 0, gained: [{ id: 'id-12' }], lost: [{ id: 'id-6' }] });
  });

  it('pairs alerts of the same run first', () => {
    const before = [told(6, { rowKeys: ['a'] }), told(7, { rowKeys: ['a'] })];
    const after = [told(7, { rowKeys: ['a'] }), told(8, { rowKeys: ['a'] })];
    const comparison = compareBacktests(before, after);
    expect(comparison.kept).toBe(2);
    expect(compareBacktests(before, [told(7, { rowKeys: ['a'] })]).lost).toMatchObject([{ id: 'id-6' }]);
  });

  it('pairs each alert once: the numbers always add up', () => {
    const alert = fc
      .record({
        hour: fc.integer({ min: 0, max: 20 }),
        key: fc.integer({ min: 0, max: 3 }),
        row: fc.integer({ min: 0, max: 5 }),
      })
      .map(({ hour, key, row }) => told(hour, { dedupKey: `k${key}`, rowKeys: [`r${row}`] }));
    const alerts = fc.array(alert, { maxLength: 20 }).map((list) => list.sort((a, b) => a.logicalTime - b.logicalTime));
    fc.assert(
      fc.property(alerts, alerts, (before, after) => {
        const { kept, gained, lost } = compareBacktests(before, after);
        expect(kept + lost.length).toBe(before.length);
        expect(kept + gained.length).toBe(after.length);
        expect(compareBacktests(before, structuredClone(before)).kept).toBe(before.length);
      }),
    );
  });

  it('copes with very many alerts of one key', () => {
    const many = Array.from({ length: 20_000 }, (_, hour) => told(hour, { id: String(hour) }));
    const later = many.map((alert) => ({ ...alert, logicalTime: alert.logicalTime + 1 }));
    expect(compareBacktests(many, later).kept).toBe(20_000);
  });
});
