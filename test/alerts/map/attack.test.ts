import { describe, expect, it } from '@jest/globals';
import { attackPairs } from '../../../src/alerts/map/attack.ts';

describe('attackPairs', () => {
  it.each([
    ['nothing', [], []],
    ['a technique', ['T1059'], [{ tactic: null, technique: 'T1059' }]],
    ['a tactic', ['TA0002'], [{ tactic: 'TA0002', technique: null }]],
    [
      'one tactic with techniques',
      ['T1059.001', 'TA0002', 'T1204'],
      [
        { tactic: 'TA0002', technique: 'T1059.001' },
        { tactic: 'TA0002', technique: 'T1204' },
      ],
    ],
    [
      'several tactics, which nobody can pair',
      ['TA0002', 'TA0003', 'T1053'],
      [
        { tactic: 'TA0002', technique: null },
        { tactic: 'TA0003', technique: null },
        { tactic: null, technique: 'T1053' },
      ],
    ],
  ])('of %s', (_, ids, pairs) => {
    expect(attackPairs(ids)).toEqual(pairs);
  });
});
