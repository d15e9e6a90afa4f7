import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../src/state/store.ts';
import type { Week } from '../world/play.ts';
import { growsStill, mayBeToldLater, untoldGaps } from './gaps.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
const MINUTE = 60_000;

function gap(from: number, to: number, reason = 'older than the 30d of data that the source keeps'): LedgerEntry {
  return { from: NOON + from * MINUTE, to: NOON + to * MINUTE, outcome: 'gap', reason } as LedgerEntry;
}

function untold(ledger: readonly LedgerEntry[], description: string, open: readonly object[] = []) {
  const alert = { health: { code: 'gap', subject: 'rule-1' }, description };
  const records = [
    { kind: 'start', rules: [{ id: 'rule-1', status: 'enabled' }] },
    { kind: 'commit', commit: { alerts: [alert] } },
  ];
  const final = { rules: new Map([['rule-1', { ledger }]]), openHealth: open };
  return untoldGaps({ records, final } as unknown as Week);
}

describe('a gap that grows', () => {
  it('may be told later within an hour, where it was told, and by age alone', () => {
    const more = (from: number, to: number, before: readonly LedgerEntry[]) => mayBeToldLater(gap(from, to), before);
    expect(more(10, 20, [gap(0, 10)])).toBe(true);
    expect(more(10, 20, [gap(0, 9)])).toBe(false);
    expect(more(10, 20, [gap(0, 10, 'it failed five times')])).toBe(false);
    expect(more(50, 60, [gap(0, 50)])).toBe(false);
  });

  it('is named in whole once it is over', () => {
    const told = 'Not searched: 2026-03-02T12:00:00.000Z to 2026-03-02T12:10:00.000Z (older)';
    expect(untold([gap(0, 10)], told)).toEqual([]);
    expect(untold([gap(0, 20)], told)).toMatchObject([{ kind: 'unalerted', subject: 'rule-1' }]);
    expect(untold([gap(0, 20)], told, [{ code: 'gap', subject: 'rule-1' }])).toEqual([]);
  });

  it('stands as long as a window waits where it ends', () => {
    const waits = (from: number) => {
      const ledger = [gap(0, 10), { ...gap(from, 30), outcome: 'pending', reason: null }];
      const states = [{ ledger }, { ledger: [], late: { ledger } }];
      return states.map((state) =>
        growsStill({ final: { rules: new Map([['rule-1', state]]) } } as unknown as Week, 'rule-1'),
      );
    };
    expect(waits(10)).toEqual([true, true]);
    expect(waits(20)).toEqual([false, false]);
  });
});
