import { expect, it } from '@jest/globals';
import { FIRST_TENANT, type RuleSpec } from '../scenario.ts';
import type { AskedRecord, JournalRecord } from '../world/journal.ts';
import { shortestInterval } from './grid.ts';
import { groupedBy } from './in-time.ts';
import { workingSince } from './lag.ts';
import { erasOf } from './timeline.ts';

const asked = (at: number, ruleId: string, outcome: string) =>
  ({ kind: 'asked', at, tenant: FIRST_TENANT, ruleId, outcome }) as AskedRecord;

const rule = (status: string) => [{ id: 'rule-1', status }] as unknown as readonly RuleSpec[];
const started = (at: number): JournalRecord => ({ kind: 'start', at, life: 1, rules: rule('enabled'), skew: 0 });
const reload = (at: number, status: string): JournalRecord => {
  return { kind: 'reload', at, life: 1, rules: rule(status), refused: false };
};

it.each<readonly [string, readonly AskedRecord[], number, ...JournalRecord[]]>([
  ['the process got its first answer', [asked(5, 'clock', 'answered'), asked(9, 'rule-1', 'answered')], 5],
  ['nothing yet, where nobody has answered', [asked(5, 'clock', 'SOURCE_AUTH')], Number.POSITIVE_INFINITY],
  [
    'the rule works again, which failed before the process was there',
    [asked(2, 'rule-1', 'SOURCE_AUTH'), asked(5, 'clock', 'answered'), asked(7, 'rule-1', 'answered')],
    7,
  ],
  [
    'the process got its first answer, where the rule was throttled',
    [asked(2, 'rule-1', 'SOURCE_THROTTLED'), asked(5, 'clock', 'answered'), asked(7, 'rule-1', 'answered')],
    5,
  ],
  [
    'it was switched on again',
    [asked(5, 'clock', 'answered')],
    8,
    reload(6, 'disabled'),
    reload(8, 'enabled'),
    reload(9, 'testing'),
  ],
])('what a rule missed counts from when %s', (_, records, expected, ...reloads) => {
  const view = {
    starts: [{ at: 4 }],
    eras: erasOf([started(1), started(4), ...reloads], 20),
    asked: groupedBy(records, ({ ruleId }) => ruleId),
    answered: groupedBy(
      records.filter(({ outcome }) => outcome === 'answered'),
      ({ tenant }) => tenant,
    ),
  };
  expect(workingSince({ id: 'rule-1' }, view, 10)).toBe(expected);
});

it('the shortest time between two runs is one away from changes of clocks', () => {
  const even = { cron: '10 */2 * * *', timezone: 'America/New_York' };
  expect(shortestInterval({ schedule: even }, Date.parse('2033-03-13T12:00:00Z'))).toBe(7_200_000);
  const schedule = { cron: '45 1,2,13 * * *', timezone: 'Europe/Berlin' };
  expect(shortestInterval({ schedule }, Date.parse('2029-03-25T00:00:00Z'))).toBe(3_600_000);
  expect(shortestInterval({ schedule }, Date.parse('2029-10-28T00:00:00Z'))).toBe(3_600_000);
});
