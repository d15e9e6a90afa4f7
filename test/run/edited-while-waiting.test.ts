import { describe, expect, it } from '@jest/globals';
import { newestTimeOf } from '../../src/alerts/event-time.ts';
import { applyRuleEdits, changeBehind } from '../../src/run/rule-edits.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import type { LedgerEntry } from '../../src/state/store.ts';
import { SAMPLE_STATE } from '../state/samples.ts';
import { groupRule } from './group-bench.ts';
import { HOUR, T0 } from './story.ts';

function waiting(from: number, to: number): LedgerEntry {
  return { id: `${from}-${to}`, from, to, logicalTime: to, attempts: 1, outcome: 'pending', reason: 'failed' };
}

/** When the rule counts as changed: hits older than that are no news. */
function changedAtWith(ledger: readonly LedgerEntry[]) {
  const short = groupRule({ lookbackMs: 4 * HOUR });
  const before = applyRuleEdits(short, null, T0, DEFAULT_WINDOW_SETTINGS);
  const state = { ...SAMPLE_STATE, frontier: T0, ledger, ruleTrait: before.trait, changedAt: null, lastRun: null };
  return applyRuleEdits(groupRule({ lookbackMs: 8 * HOUR }), state, T0 + HOUR, DEFAULT_WINDOW_SETTINGS).changedAt;
}

describe('a set rule that is edited while windows wait', () => {
  it('counts as changed at the end of what was searched', () => {
    expect(changedAtWith([])).toBe(T0);
  });

  it('keeps for the waiting windows what nobody has searched yet', () => {
    expect(changedAtWith([waiting(T0 - 6 * HOUR, T0 - 2 * HOUR)])).toBe(T0 - 3 * HOUR);
  });

  it('asks no entry that is closed', () => {
    expect(changedAtWith([{ ...waiting(T0 - 6 * HOUR, T0 - 2 * HOUR), outcome: 'gap' }])).toBe(T0);
  });
});

describe('the change of a set rule', () => {
  it('speaks only of windows that reach behind it', () => {
    expect(changeBehind(T0, T0 - 1)).toBe(T0);
    expect(changeBehind(T0, T0)).toBeNull();
    expect(changeBehind(T0, null)).toBeNull();
    expect(changeBehind(null, T0 - 1)).toBeNull();
  });
});

describe('the newest event of a row', () => {
  it.each([
    [{ Timestamp: '2026-01-01T10:00:00Z' }, '2026-01-01T10:00:00Z'],
    [{ Timestamp: '2026-01-01T10:00:00Z', Timestamp1: '2026-01-01T11:00:00Z' }, '2026-01-01T11:00:00Z'],
    [{ Timestamp: '2026-01-01T12:00:00Z', Timestamp1: '2026-01-01T11:00:00Z' }, '2026-01-01T12:00:00Z'],
    [{ Timestamp1: '2026-01-01T11:00:00Z' }, '2026-01-01T11:00:00Z'],
    [{ TimeGenerated: '2026-01-01T09:00:00Z', TimeGenerated2: '2026-01-01T09:30:00Z' }, '2026-01-01T09:30:00Z'],
    [{ Timestamp: '', Timestamp1: null }, null],
  ])('is the newest of both sides of a join: %j', (row, expected) => {
    expect(newestTimeOf(row)).toBe(expected);
  });
});
