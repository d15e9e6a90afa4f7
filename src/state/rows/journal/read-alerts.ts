import type { AlertHappened } from '../../journal-store.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { jsonTextsAt } from '../../steps/words.ts';
import type { Range } from './journal-rows.ts';

type Values = { readonly first: number; readonly last: number };

/** What the journal tells of alerts, read out of their documents by the database: they may have 256 KB. */
export function* alertsIn(
  { id: place, at }: { readonly id: number; readonly at: number },
  range: Range,
): RowSteps<readonly AlertHappened[]> {
  if (range.first > range.last) return [];
  return (yield* all(alertsOfRange(range))).map(({ alert_id: alertId, revision, told }) => {
    const [alertKind, status, severity, tenant, ruleId, runId] = JSON.parse(told) as AlertWords;
    return {
      kind: 'alert',
      place,
      at,
      alertId,
      revision,
      alertKind,
      status,
      severity,
      tenant,
      ruleId,
      runId: runId || null,
    };
  });
}

type AlertWords = readonly [
  AlertHappened['alertKind'],
  AlertHappened['status'],
  AlertHappened['severity'],
  tenant: string,
  ruleId: string,
  runId: string,
];

const alertsOfRange = compiledOnce(({ first, last }: Values) =>
  db
    .selectFrom('alert')
    .select([
      'alert_id',
      'revision',
      jsonTextsAt('document', ['kind', 'status', 'severity', 'tenant', 'rule.id', 'runId']).as('told'),
    ])
    .where('id', '>=', first)
    .where('id', '<=', last)
    .orderBy('id'),
);
