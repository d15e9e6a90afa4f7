import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { Week } from '../world/play.ts';
import { doPartsWait, isStillLosing } from './health.ts';
import type { Chapter } from './runs.ts';

/** A run of `rule-1` whose answer told these conditions of it. */
function runThatTold(...health: readonly (readonly ['gap' | 'truncated', Alert['status']])[]): Chapter {
  const alerts = health.map(([code, status]) => ({ health: { code, subject: 'rule-1' }, status }));
  const run = { lane: 'due', outcome: 'ok', truncated: false };
  return { kind: 'run', at: 0, commit: { ruleId: 'rule-1', run, alerts } } as unknown as Chapter;
}

describe('a gap that stands open at the end', () => {
  it('may, where the latest answer lost time again', () => {
    expect(isStillLosing([runThatTold(), runThatTold(['gap', 'firing'])], 'rule-1')).toBe(true);
  });

  it.each([
    ['an answer came that lost nothing', [runThatTold(['gap', 'firing']), runThatTold()]],
    ['another rule lost it', []],
    ['the latest answer was only cut short', [runThatTold(['truncated', 'firing'])]],
  ])('may not, where %s', (_, chapters) => {
    expect(isStillLosing(chapters, 'rule-1')).toBe(false);
  });
});

describe('an answer that lacks parts at the end', () => {
  const weekWith = (reason: string | null) =>
    ({ final: { rules: new Map([['rule-1', { ledger: [{ outcome: 'pending', reason }] }]]) } }) as unknown as Pick<
      Week,
      'final'
    >;

  it('may, where the parts wait', () => {
    expect(doPartsWait(weekWith('the query took too long'), 'rule-1')).toBe(true);
  });

  it('may not, where only windows wait that were never asked', () => {
    expect(doPartsWait(weekWith(null), 'rule-1')).toBe(false);
  });
});
