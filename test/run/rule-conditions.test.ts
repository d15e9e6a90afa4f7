import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type ErrorCode, HuntwireError } from '../../src/lib/errors.ts';
import type { Asked } from '../../src/run/ask.ts';
import { classOf } from '../../src/run/outcome.ts';
import type { WindowAnswer } from '../../src/run/query-window.ts';
import { type ConditionInput, conditionsOf } from '../../src/run/rule-conditions.ts';
import type { LedgerEntry, LedgerOutcome } from '../../src/state/store.ts';
import { HOUR, MINUTE, T0 } from './story.ts';

const COMPLETE: Asked = { rows: 1, cutShort: false, missing: [], reason: null, sliceMs: null };
const collected = { warnings: [] } as unknown as Extract<WindowAnswer, { kind: 'answered' }>['collected'];

function answered(asked: Partial<Asked> = {}, warnings: readonly object[] = []): WindowAnswer {
  const found = { ...collected, warnings } as typeof collected;
  return { kind: 'answered', asked: { ...COMPLETE, ...asked }, columns: [], collected: found, calls: 1 };
}

function failed(code: ErrorCode, message = 'x', retryable = false): WindowAnswer {
  return { kind: 'failed', error: new HuntwireError(code, message, { retryable }), calls: 1, counts: false };
}

function told(over: Partial<ConditionInput>) {
  const conditions = conditionsOf({
    ruleId: 'a-rule',
    tenant: 'contoso',
    answer: answered(),
    before: null,
    gaps: [],
    ledger: { before: [], after: [] },
    otherLedger: [],
    pausesAccepted: false,
    isSweep: false,
    ofPart: false,
    partsWait: false,
    skewMs: null,
    voided: null,
    ...over,
  });
  return new Map(conditions.map((one) => [one.code, one]));
}

function entry(index: number, outcome: LedgerOutcome): LedgerEntry {
  const from = T0 + index * HOUR;
  return { id: String(index), from, to: from + HOUR, logicalTime: from + HOUR, attempts: 0, outcome, reason: 'lost' };
}

const firingOf = (over: Partial<ConditionInput>) =>
  [...told(over).values()].map(({ code, subject, firing, again }) => [code, subject, firing, again]);

describe('a part of a window that fails by itself', () => {
  it('is no failure of its rule', () => {
    const before = { standing: 'failing' } as const;
    const answer = { ...failed('SOURCE_TIMEOUT', 'too slow', true), counts: true } as WindowAnswer;
    const firing = (over: Partial<ConditionInput>) => told({ answer, before, ...over }).has('rule-failing');
    expect([firing({ ofPart: true }), firing({}), firing({ partsWait: true })]).toEqual([false, true, true]);
    expect(firing({ ofPart: true, answer: failed('SOURCE_TIMEOUT', 'x', true) })).toBe(true);
  });
});

describe('a run that is complete', () => {
  it('does not end what an earlier one lacks as long as that waits', () => {
    expect(told({ partsWait: true }).has('truncated')).toBe(false);
    expect(told({ partsWait: false }).get('truncated')?.firing).toBe(false);
  });

  it('ends every condition of its rule, and tells none', () => {
    expect(firingOf({ skewMs: 0 })).toEqual([
      ['rule-failing', 'a-rule', false, false],
      ['rule-blocked', 'a-rule', false, false],
      ['gap', 'a-rule', false, false],
      ['truncated', 'a-rule', false, false],
      ['exception-column', 'a-rule', false, false],
      ['coverage-void', 'a-rule', false, false],
      ['clock-skew', 'contoso', false, false],
    ]);
  });
});

describe('a run that failed', () => {
  it('blocks its rule where only a person can help, and says what, as a sentence', () => {
    expect(firingOf({ answer: failed('SOURCE_PERMISSION') })).toEqual([
      ['rule-failing', 'a-rule', false, false],
      ['rule-blocked', 'a-rule', true, false],
    ]);
    const said = (text: string) => told({ answer: failed('SOURCE_PERMISSION', text) }).get('rule-blocked')?.message;
    expect(said(' no role ')).toContain('fixed: SOURCE_PERMISSION: no role. Its');
    expect(said('no role!')).toContain('SOURCE_PERMISSION: no role! Its');
  });

  it('says nothing where it was throttled', () => {
    for (const code of ['SOURCE_THROTTLED', 'SOURCE_QUOTA'] as const)
      expect(firingOf({ answer: failed(code) })).toEqual([]);
  });

  it('is a condition at once where asking again does not help', () => {
    expect(firingOf({ answer: failed('SOURCE_SERVER') })).toEqual([['rule-failing', 'a-rule', true, false]]);
  });

  it('for a reason that may pass is one only at the second time, however long the rule was throttled before', () => {
    const answer = failed('SOURCE_SERVER', 'x', true);
    const isTold = (before: ConditionInput['before']) => told({ answer, before }).has('rule-failing');
    expect(isTold(null)).toBe(false);
    expect(isTold({ standing: 'ok' })).toBe(false);
    expect(isTold({ standing: 'failing' })).toBe(true);
    expect(isTold({ standing: 'throttled' })).toBe(false);
  });
});

describe('time that is not searched', () => {
  it('is told each time, with its place and reason, and neither ends while a run fails', () => {
    const gap = told({ gaps: [entry(0, 'gap')] }).get('gap');
    expect(gap).toMatchObject({ firing: true, again: true, subject: 'a-rule' });
    expect(gap?.message).toBe(
      'Not searched, and not tried again: 2026-01-10T12:00:00.000Z to 2026-01-10T13:00:00.000Z (lost).',
    );
    expect(told({ answer: failed('SOURCE_SERVER') }).has('gap')).toBe(false);
    expect(told({ answer: answered({ cutShort: true }) }).has('gap')).toBe(false);
  });

  it('is told once where the schedule leaves it out, and not where that is meant', () => {
    const gaps = [entry(0, 'unscheduled')];
    expect(told({ gaps }).get('gap')).toMatchObject({ firing: true, again: false });
    expect(told({ gaps, pausesAccepted: true }).get('gap')).toMatchObject({ firing: false });
    expect(told({ gaps: [...gaps, entry(1, 'gap')] }).get('gap')).toMatchObject({ firing: true, again: true });
    expect(told({ gaps: [entry(1, 'truncated'), entry(2, 'disabled')] }).get('gap')).toMatchObject({ firing: false });
  });

  it('is listed up to ten times, and the rest is counted', () => {
    const said = (count: number) =>
      told({ gaps: Array.from({ length: count }, (_, index) => entry(index, 'gap')) }).get('gap')?.message ?? '';
    expect(said(10).split(';')).toHaveLength(10);
    expect(said(10)).not.toContain('more');
    expect(said(12).split(';')).toHaveLength(10);
    expect(said(12)).toMatch(/ and 2 more\.$/);
  });
});

describe('an answer that is not complete', () => {
  it('says why', () => {
    const why = (asked: Partial<Asked>) => told({ answer: answered(asked) }).get('truncated');
    expect(why({ cutShort: true })).toMatchObject({ firing: true, again: false });
    expect(why({ cutShort: true })?.message).toContain('exactly its limit of rows');
    const missing = [{ from: 0, to: 1, smallest: false }];
    expect(why({ missing, reason: 'too heavy' })?.message).toContain('could not be asked (too heavy)');
  });

  it('and one whose exceptions name no column says that, too', () => {
    const warnings = [
      { kind: 'other', message: 'nothing' },
      { kind: 'exception-column', message: 'no column X' },
    ];
    for (const asked of [{}, { cutShort: true }])
      expect(told({ answer: answered(asked, warnings) }).get('exception-column')).toMatchObject({
        firing: true,
        message: 'no column X',
      });
  });
});

describe('coverage that was void', () => {
  it('is told whatever came of the run, by where it lies', () => {
    const voided = { from: T0 - HOUR, to: T0 + HOUR, at: T0 };
    for (const answer of [answered(), failed('SOURCE_SERVER')]) {
      const found = told({ answer, voided }).get('coverage-void');
      expect(found).toMatchObject({ firing: true, again: true });
      expect(found?.message).toContain('lies ahead of');
    }
    const past = told({ voided: { ...voided, to: T0 } }).get('coverage-void');
    expect(past?.message).toContain('before they were over');
    expect(told({ answer: failed('SOURCE_SERVER') }).has('coverage-void')).toBe(false);
  });
});

describe('the clock of this machine', () => {
  it.each([
    [MINUTE, false, 'agrees'],
    [-MINUTE, false, 'agrees'],
    [MINUTE + 1000, true, '1m1s ahead of'],
    [-MINUTE - 1000, true, '1m1s behind'],
  ])('that is %d ms ahead is a condition: %s', (skewMs, firing, words) => {
    const found = told({ skewMs }).get('clock-skew');
    expect(found).toMatchObject({ firing, subject: 'contoso', message: expect.stringContaining(words) });
  });

  it('says nothing while nobody knows', () => {
    expect(told({}).has('clock-skew')).toBe(false);
  });
});

describe('how a failure is taken', () => {
  const THROTTLED = ['SOURCE_THROTTLED', 'SOURCE_QUOTA'];
  const BLOCKED = [
    'CONFIG_INVALID',
    'CONFIG_SECRET_UNREADABLE',
    'KQL_SYNTAX',
    'KQL_WINDOW_REFUSED',
    'KQL_UNSUPPORTED',
    'SOURCE_QUERY_INVALID',
    'SOURCE_TABLE_MISSING',
    'SOURCE_PERMISSION',
    'SOURCE_LICENSE',
    'SOURCE_BODY_TOO_LARGE',
    'SOURCE_RETIRED',
  ];
  const UNREACHED = ['SOURCE_AUTH', 'SOURCE_NETWORK', 'SOURCE_RESPONSE_INVALID', 'SOURCE_SERVER', 'SOURCE_CLOCK'];

  it.each(ERROR_CODES)('%s', (code) => {
    const { outcome, standing, counts } = classOf(new HuntwireError(code, 'x'));
    if (THROTTLED.includes(code)) expect([outcome, standing, counts]).toEqual(['throttled', 'throttled', false]);
    else if (BLOCKED.includes(code)) expect([outcome, standing, counts]).toEqual(['blocked', 'blocked', false]);
    else expect([outcome, standing, counts]).toEqual(['failed', 'failing', !UNREACHED.includes(code)]);
  });
});
