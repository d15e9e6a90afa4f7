import { expect, it } from '@jest/globals';
import type { JournalRecord } from '../world/journal.ts';
import { checkReloads } from './reloads.ts';

const refused = (at: number): JournalRecord => ({ kind: 'reload', at, life: 1, rules: [], refused: true });
const told = (at: number, status: 'firing' | 'resolved') =>
  ({
    kind: 'health',
    at,
    life: 1,
    commit: { alerts: [{ health: { code: 'reload-refused', subject: 'configuration' }, status }] },
  }) as unknown as JournalRecord;
const ended: JournalRecord = { kind: 'end', at: 1500, life: 1, how: 'killed', point: 'moment', error: null };

it.each<readonly [string, readonly JournalRecord[], number]>([
  ['is told at once', [refused(1000), told(1000, 'firing')], 0],
  ['is told already', [told(500, 'firing'), refused(1000)], 0],
  ['was of a process that ended', [refused(1000), ended], 0],
  ['is told to nobody', [refused(1000)], 1],
  ['is told much later', [refused(1000), told(900_000, 'firing')], 1],
  ['comes when an earlier one is over', [told(500, 'firing'), told(600, 'resolved'), refused(1000)], 1],
])('a reload that was refused and %s', (_, records, findings) => {
  expect(checkReloads({ records })).toHaveLength(findings);
});
