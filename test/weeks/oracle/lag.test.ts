import { expect, it } from '@jest/globals';
import { FIRST_TENANT } from '../scenario.ts';
import type { AskedRecord } from '../world/journal.ts';
import { groupedBy } from './in-time.ts';
import { workingSince } from './lag.ts';

const asked = (at: number, ruleId: string, outcome: string) =>
  ({ kind: 'asked', at, tenant: FIRST_TENANT, ruleId, outcome }) as AskedRecord;

it.each<readonly [string, readonly AskedRecord[], number]>([
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
])('what a rule missed counts from when %s', (_, records, expected) => {
  const view = {
    starts: [{ at: 4 }],
    asked: groupedBy(records, ({ ruleId }) => ruleId),
    answered: groupedBy(
      records.filter(({ outcome }) => outcome === 'answered'),
      ({ tenant }) => tenant,
    ),
  };
  expect(workingSince({ id: 'rule-1' }, view, 10)).toBe(expected);
});
