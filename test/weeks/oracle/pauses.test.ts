import { expect, it } from '@jest/globals';
import type { JournalRecord } from '../world/journal.ts';
import { noticedAt } from './pauses.ts';

const start = (at: number): JournalRecord => ({ kind: 'start', at, life: 1, rules: [], skew: 0 });
const asked = (at: number, outcome: string) => ({ kind: 'asked', at, outcome }) as unknown as JournalRecord;

it.each<readonly [string, readonly JournalRecord[], number]>([
  ['at once, where an answer told the time before', [start(1), asked(2, 'answered'), asked(9, 'answered')], 5],
  ['with the first answer, where none has come yet', [asked(2, 'answered'), start(4), asked(9, 'answered')], 9],
  ['never, where none comes', [asked(2, 'answered'), start(4), asked(9, 'SOURCE_AUTH')], Number.POSITIVE_INFINITY],
])('a rule that is switched off is noticed %s', (_, records, expected) => {
  expect(noticedAt({ records }, 5)).toBe(expected);
});
