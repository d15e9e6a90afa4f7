import { expect, it } from '@jest/globals';
import type { JournalRecord } from '../world/journal.ts';
import { swallowed } from './deliveries.ts';

const alert = (revision: number, reports: readonly number[], over: object = {}) => ({
  id: 'a',
  revision,
  kind: 'detection',
  rule: { id: 'rule-1' },
  evidence: reports.map((ReportId) => ({ ReportId })),
  ...over,
});
const overflow = { overflow: { hits: 3 } };

it.each([
  ['nothing new, is lost by nobody', [alert(0, [1, 2]), alert(0, [2])], 0],
  ['more than before, is lost', [alert(0, [1, 2]), alert(0, [2, 3])], 1],
  ['more than before by a further revision, is none', [alert(0, [1, 2]), alert(1, [1, 2, 3])], 0],
  ['how many more there are, is lost', [alert(0, [], overflow), alert(0, [], overflow)], 1],
])('a message that is committed again, and says %s', (_, alerts, findings) => {
  const records = alerts.map((one) => ({ kind: 'commit', commit: { alerts: [one] } }));
  expect(swallowed({ records: records as unknown as readonly JournalRecord[] })).toHaveLength(findings);
});
