import { sql } from 'kysely';
import type { AlertHappened } from '../../journal-store.ts';
import type { Connection } from '../connection.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import type { Range } from './journal-rows.ts';

type Values = { readonly first: number; readonly last: number };

/** What the journal tells of alerts, read out of their documents by the database: they may have 256 KB. */
export function alertsIn(
  connection: Connection,
  { id: place, at }: { readonly id: number; readonly at: number },
  range: Range,
): readonly AlertHappened[] {
  if (range.first > range.last) return [];
  return connection.all(alertsOfRange(range)).map(({ alert_id: alertId, revision, told }) => {
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
      sql<string>`json_extract(document, '$.kind', '$.status', '$.severity', '$.tenant', '$.rule.id', '$.runId')`.as(
        'told',
      ),
    ])
    .where('id', '>=', first)
    .where('id', '<=', last)
    .orderBy('id')
    .compile(),
);
