import { expect, it } from '@jest/globals';
import type { AskedRecord } from '../world/journal.ts';
import { answersOf } from './runs.ts';

const asked = (from: number, to: number, outcome = 'answered', truncated = false) =>
  ({ about: 'rule', window: { from, to }, outcome, truncated }) as AskedRecord;
const whole = asked(0, 8);
const cut = asked(0, 8, 'answered', true);
const [left, right] = [asked(0, 4), asked(4, 8)];

it.each<readonly [string, readonly AskedRecord[], readonly AskedRecord[]]>([
  ['it gave', [asked(0, 8, 'SOURCE_TIMEOUT'), whole], [whole]],
  ['of the halves, where the whole was cut short', [cut, left, right], [left, right]],
  ['of the turn that was committed, where one of a clock ahead was given up', [asked(0, 9), whole], [whole]],
  ['that was cut short, where it failed when it was asked again', [cut, asked(0, 8, 'SOURCE_TIMEOUT')], [cut]],
])('the answers of a run are those %s', (_, all, answers) => {
  expect(answersOf(all, 8)).toEqual(answers);
});
