import { describe, expect, it } from '@jest/globals';
import { eventTimesBeside } from '../../src/alerts/event-time.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { applyRuleEdits, changeBehind } from '../../src/run/rule-edits.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import type { LedgerEntry } from '../../src/state/store.ts';
import { SAMPLE_STATE } from '../state/samples.ts';
import { groupRule } from './group-bench.ts';
import { makeRule } from './make-rule.ts';
import { EVENT, HOUR, T0 } from './story.ts';

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

describe('what waits while a rule becomes another set', () => {
  const waitingLength = 4 * HOUR;
  const left: LedgerEntry = { ...waiting(T0 - 30 * HOUR, T0 - 20 * HOUR), outcome: 'gap' };

  function editedFrom(first: RunnableRule, ledger: readonly LedgerEntry[]) {
    const { trait } = applyRuleEdits(first, null, T0, DEFAULT_WINDOW_SETTINGS);
    const state = { ...SAMPLE_STATE, frontier: T0, ledger, ruleTrait: trait, changedAt: null, lastRun: null };
    return applyRuleEdits(groupRule({ lookbackMs: 8 * HOUR }), state, T0 + HOUR, DEFAULT_WINDOW_SETTINGS).coverage;
  }

  it('is asked over its lookback as it is now', () => {
    const entry = waiting(T0 - 3 * HOUR - waitingLength, T0 - 3 * HOUR);
    const { ledger, frontier } = editedFrom(groupRule({ lookbackMs: waitingLength }), [left, entry]);
    expect(ledger).toEqual([left, { ...waiting(T0 - 11 * HOUR, T0 - 3 * HOUR), attempts: entry.attempts }]);
    expect(frontier).toBe(T0);
  });

  it('is missed by the set where it was a part of a stream', () => {
    const ledger = [left, waiting(T0 - 6 * HOUR, T0 - 2 * HOUR), waiting(T0 - 2 * HOUR, T0)];
    const coverage = editedFrom(makeRule({}, { identity: EVENT }), ledger);
    expect(coverage).toMatchObject({ ledger: [left], frontier: T0 - 6 * HOUR });
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
    expect(eventTimesBeside([]).newestOf(row)).toBe(expected);
  });

  it('is none of a row that was looked up', () => {
    const row = { Timestamp: '2026-01-01T10:00:00Z', Timestamp1: '2026-01-01T11:00:00Z' };
    expect(eventTimesBeside(['Timestamp1']).newestOf(row)).toBe('2026-01-01T10:00:00Z');
    expect(eventTimesBeside(['Timestamp']).newestOf(row)).toBe('2026-01-01T11:00:00Z');
    expect(eventTimesBeside(['Timestamp']).of(row)).toBeNull();
    expect(eventTimesBeside(['Timestamp', 'Timestamp1']).newestOf(row)).toBeNull();
  });
});
