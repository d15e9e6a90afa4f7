import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { Week } from '../world/play.ts';
import { goneFor } from './ends.ts';
import { doPartsWait, isStillLosing, isStillTruncated, revisions } from './health.ts';
import type { Chapter } from './runs.ts';

type Told = readonly (readonly ['gap' | 'truncated', Alert['status']])[];

/** A run of `rule-1` whose answer told these conditions of it. */
function runThatTold(...health: Told): Chapter {
  return runOf('due', health);
}

function sweepThatTold(...health: Told): Chapter {
  return runOf('sweep', health);
}

function runOf(lane: string, health: Told): Chapter {
  const alerts = health.map(([code, status]) => ({ health: { code, subject: 'rule-1' }, status }));
  const run = { lane, outcome: 'ok', truncated: false };
  return { kind: 'run', at: 0, commit: { ruleId: 'rule-1', run, alerts } } as unknown as Chapter;
}

describe('a gap that stands open at the end', () => {
  it('may, where the latest answer lost time again', () => {
    expect(isStillLosing([runThatTold(), runThatTold(['gap', 'firing'])], 'rule-1')).toBe(true);
  });

  it('may, where a sweep lost it, until a run of the schedule is answered', () => {
    const lost = [runThatTold(), sweepThatTold(['gap', 'firing']), sweepThatTold()];
    expect(isStillLosing(lost, 'rule-1')).toBe(true);
    expect(isStillLosing([...lost, runThatTold()], 'rule-1')).toBe(false);
  });

  it.each([
    ['an answer came that lost nothing', [runThatTold(['gap', 'firing']), runThatTold()]],
    ['another rule lost it', []],
    ['the latest answer was only cut short', [runThatTold(['truncated', 'firing'])]],
  ])('may not, where %s', (_, chapters) => {
    expect(isStillLosing(chapters, 'rule-1')).toBe(false);
  });
});

describe('an answer that was cut short at the end', () => {
  const run = (lane: string, truncated: boolean): Chapter =>
    ({
      kind: 'run',
      at: 0,
      commit: { ruleId: 'rule-1', run: { lane, outcome: 'ok', truncated } },
    }) as unknown as Chapter;

  it('may stay, whatever a sweep behind it finds', () => {
    expect(isStillTruncated([run('due', true), run('sweep', false)], 'rule-1')).toBe(true);
    expect(isStillTruncated([run('due', true), run('due', false)], 'rule-1')).toBe(false);
  });
});

describe('an alert of a group that is found no more', () => {
  it.each<readonly [string, readonly number[], number, number]>([
    ['has been gone since the run behind the latest that found it', [10, 20, 30, 50], 1, 20],
    ['is not gone by what was made up for', [10, 90, 20, 50], 1, 0],
    ['is gone by what came behind both', [10, 90, 20, 100, 110], 1, 10],
  ])('%s', (_, times, holding, goneMs) => {
    expect(goneFor(times, holding).goneMs).toBe(goneMs);
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

describe('an alert that has ended', () => {
  const alert = (revision: number, status: string, kind?: string) =>
    ({ id: 'a', revision, status, rule: { id: 'rule-1' }, ...(kind && { change: { kind } }) }) as unknown as Alert;
  const ended = [alert(0, 'firing'), alert(1, 'resolved', 'gone')];

  it.each([
    ['fires once more where its L was asked again and found more', [alert(2, 'firing', 'again')], 0],
    ['ends once more after that', [alert(2, 'firing', 'again'), alert(3, 'resolved', 'gone')], 0],
    ['is not told as grown', [alert(2, 'firing', 'grown')], 1],
    ['ends once', [alert(2, 'resolved', 'gone')], 1],
    ['never goes back', [alert(1, 'firing', 'again')], 1],
  ])('%s', (_, more, findings) => {
    expect(revisions([...ended, ...more])).toHaveLength(findings);
  });
});
