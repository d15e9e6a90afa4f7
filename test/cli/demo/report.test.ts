import { describe, expect, it } from '@jest/globals';
import { type DemoReport, verdictText } from '../../../src/cli/demo/report.ts';

const line = (foundBy: string | null) => ({ foundBy }) as DemoReport['attacks'][number];
const report = (over: Partial<DemoReport>): DemoReport => ({
  ok: false,
  from: '',
  to: '',
  factor: 60,
  wallSeconds: 45,
  hung: false,
  interrupted: false,
  rules: [],
  attacks: [line('a'), line('b'), line(null)],
  otherAlerts: [],
  missing: { soar: [], siem: [] },
  refused: [],
  ...over,
});

describe('the last line of the demo', () => {
  it('says that the machine was too slow, and nothing against the rules', () => {
    expect(verdictText(report({ hung: true, wallSeconds: 600 }))).toBe(
      'This machine was too slow: the demo was ended after 10 min, with 2 of 3 attacks found so far. That says nothing of the rules; try again when less runs beside it.',
    );
  });

  it('says that somebody ended it', () => {
    expect(verdictText(report({ interrupted: true }))).toBe(
      'Ended by hand after 45 s, with 2 of 3 attacks found so far.',
    );
  });

  it('counts what was missed and what did not arrive where there was time enough', () => {
    expect(verdictText(report({}))).toBe('2 of 3 attacks found, every alert received by both targets, in 45 s.');
    expect(verdictText(report({ missing: { soar: ['x'], siem: [] }, attacks: [line('a')] }))).toBe(
      '1 of 1 attack found, 1 alert not received, in 45 s.',
    );
  });
});
