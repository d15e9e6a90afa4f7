import { describe, expect, it } from '@jest/globals';
import { matchAlerts } from '../../src/trial/match-alerts.ts';

describe('matchAlerts', () => {
  it('matches subsets in any order', () => {
    const actual = [
      { title: 'b', severity: 'low' },
      { title: 'a', severity: 'high', details: { x: 1, y: 2 } },
    ];
    expect(matchAlerts([{ title: 'a', details: { y: 2 } }, { severity: 'low' }], actual)).toEqual([]);
  });

  it('finds the pairs even where the first fit would leave another without one', () => {
    const actual = [{ a: 1, b: 1 }, { a: 1 }];
    expect(matchAlerts([{ a: 1 }, { a: 1, b: 1 }], actual)).toEqual([]);
    expect(
      matchAlerts(
        [
          { a: 1, b: 1 },
          { a: 1, b: 1 },
        ],
        actual,
      ),
    ).toHaveLength(1);
  });

  it('does not let two expectations share one alert', () => {
    const differences = matchAlerts([{ a: 1 }, { a: 1 }], [{ a: 1 }]);
    expect(differences).toEqual([
      { path: 'alerts.length', expected: 2, actual: 1 },
      { path: 'alerts[1]', expected: { a: 1 }, actual: null },
    ]);
  });

  it('shows the nearest alert, path by path', () => {
    const actual = [{ title: 'x', entities: [{ type: 'host', name: 'pc2' }] }];
    expect(matchAlerts([{ title: 'x', entities: [{ name: 'pc1' }] }], actual)).toEqual([
      { path: 'alerts[0].entities[0].name', expected: 'pc1', actual: 'pc2' },
    ]);
  });

  it('takes arrays by subset too, each item a distinct one', () => {
    expect(matchAlerts([{ tags: ['b'] }], [{ tags: ['a', 'b'] }])).toEqual([]);
    expect(matchAlerts([{ tags: ['a', 'a'] }], [{ tags: ['a', 'b'] }])).toHaveLength(1);
    expect(matchAlerts([{ tags: ['a'] }], [{ tags: 'a' }])).toHaveLength(1);
  });

  it('does not look at inherited members', () => {
    expect(matchAlerts([{ toString: null }], [{}])).toHaveLength(1);
  });

  it('counts alerts that nobody expected', () => {
    expect(matchAlerts([], [{ title: 't', severity: 'low' }])).toEqual([
      { path: 'alerts.length', expected: 0, actual: 1 },
      { path: 'alerts', expected: 'no further alert', actual: { title: 't', severity: 'low' } },
    ]);
    const two = [{ title: 'b' }, { title: 'a' }];
    expect(matchAlerts([{ title: 'c' }], two)).toEqual([
      { path: 'alerts.length', expected: 1, actual: 2 },
      { path: 'alerts[0].title', expected: 'c', actual: 'b' },
      { path: 'alerts', expected: 'no further alert', actual: { title: 'a', severity: null } },
    ]);
  });
});
