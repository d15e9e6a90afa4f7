import type { Alert } from '../../../alerts/alert.ts';
import type { FiringAlert, FiringChange, FiringOfRule } from '../../../alerts/firing.ts';
import { createBulk } from '../../steps/bulk.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, change, type Items, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import type { Store } from '../../store.ts';
import {
  type AcknowledgementColumns,
  shownAcknowledgement,
  withAcknowledgement,
} from '../detours/read-acknowledgement.ts';
import { ruleRowId } from '../rule-rows.ts';
import { exactText, fromExactText } from '../text.ts';

type Of = { readonly rule: number };
type AlertId = { readonly alert_id: string };
type FiringRow = AlertId & {
  readonly dedup_key: string;
  readonly revision: number;
  readonly since: number;
  readonly told_at: number;
  readonly held_at: number;
  readonly gone_from: number | null;
  readonly severity: string;
  readonly row_count: number;
  readonly last_seen: string;
  readonly targets: string;
};

/** Alerts whose end is to be told: read before a run decides, written by its commit. */
export function createFiringRows(database: Database): Pick<Store, 'firingOf' | 'allFiring' | 'newestAlerts'> {
  return {
    firingOf: (tenant, ruleId) => database.read(() => readFiring(tenant, ruleId)),
    allFiring: () => database.ask(readAll),
    newestAlerts: (ids) => database.ask(() => readNewest(ids)),
  };
}

/** Inside a transaction. */
export function* saveFiring(rule: number, changes: readonly FiringChange[]): RowSteps<void> {
  const kept = changes.flatMap(({ record }) => record ?? []);
  const gone = changes.flatMap(({ alertId, record }) => (record ? [] : [toId(alertId)]));
  yield* change(upsert(kept.map(toRow), { rule }));
  yield* change(removal(gone, { rule }));
}

/** Inside a transaction: forgets those of any rule. */
export function* removeFiring(alertIds: readonly string[]): RowSteps<void> {
  yield* change(removalOfAny(alertIds.map(toId), {}));
}

function* readNewest(ids: readonly string[]): RowSteps<Alert[]> {
  const alerts: Alert[] = [];
  for (const { document } of yield* all(newestDocuments(ids.map(toId), {})))
    alerts.push(yield* withAcknowledgement(JSON.parse(document) as Alert));
  return alerts;
}

function toId(alertId: string): AlertId {
  return { alert_id: alertId };
}

function toRow(record: FiringAlert): FiringRow {
  return {
    alert_id: record.alertId,
    dedup_key: exactText(record.dedupKey),
    revision: record.revision,
    since: record.since,
    told_at: record.toldAt,
    held_at: record.heldAt,
    gone_from: record.goneFrom,
    severity: record.severity,
    row_count: record.rowCount,
    last_seen: record.lastSeen,
    targets: JSON.stringify(record.targets),
  };
}

function toRecord(row: FiringRow): FiringAlert {
  return {
    alertId: row.alert_id,
    dedupKey: fromExactText(row.dedup_key),
    revision: row.revision,
    since: row.since,
    toldAt: row.told_at,
    heldAt: row.held_at,
    goneFrom: row.gone_from,
    severity: row.severity as FiringAlert['severity'],
    rowCount: row.row_count,
    lastSeen: row.last_seen,
    targets: JSON.parse(row.targets) as string[],
  };
}

const firingQuery = compiledOnce(({ rule }: Of) =>
  db
    .selectFrom('firing')
    .leftJoin('acknowledgement as taken', 'taken.alert_id', 'firing.alert_id')
    .selectAll('firing')
    .select(['taken.by', 'taken.at', 'taken.disposition'])
    .where('rule', '=', rule)
    .orderBy('since')
    .orderBy('firing.id'),
);

/** In the order in which they began. */
function* readFiring(tenant: string, ruleId: string): RowSteps<FiringAlert[]> {
  const rule = yield* ruleRowId(tenant, ruleId);
  return (yield* all(firingQuery({ rule }))).map(takenRecord);
}

type TakenRow = FiringRow & { readonly [Name in keyof AcknowledgementColumns]: AcknowledgementColumns[Name] | null };

function takenRecord({ by, at, disposition, ...row }: TakenRow): FiringAlert {
  const isTaken = by !== null && at !== null;
  return { ...toRecord(row), ...(isTaken && { acknowledged: shownAcknowledgement({ by, at, disposition }) }) };
}

function* readAll(): RowSteps<FiringOfRule[]> {
  const query = db
    .selectFrom('firing')
    .innerJoin('rule', 'rule.id', 'firing.rule')
    .leftJoin('acknowledgement as taken', 'taken.alert_id', 'firing.alert_id')
    .selectAll('firing')
    .select(['rule.tenant', 'rule.rule_id', 'taken.by', 'taken.at', 'taken.disposition'])
    .orderBy('since')
    .orderBy('firing.id');
  return (yield* all(query)).map((row) => ({ ...takenRecord(row), tenant: row.tenant, ruleId: row.rule_id }));
}

const ALERT_ID = { alert_id: 'text' } as const;

const newestDocuments = createBulk<AlertId, Record<never, never>, { readonly document: string }>(
  ALERT_ID,
  (ids: Items) =>
    db
      .selectFrom('alert')
      .select('document')
      .where('alert_id', 'in', ids.among<string>('alert_id'))
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('alert as newer')
              .select('newer.id')
              .whereRef('newer.alert_id', '=', 'alert.alert_id')
              .whereRef('newer.revision', '>', 'alert.revision'),
          ),
        ),
      ),
  { isLarge: true },
);

const removal = createBulk<AlertId, Of, unknown>(ALERT_ID, (ids: Items, { rule }) =>
  db.deleteFrom('firing').where('rule', '=', rule).where('alert_id', 'in', ids.among<string>('alert_id')),
);

const removalOfAny = createBulk<AlertId, Record<never, never>, unknown>(ALERT_ID, (ids: Items) =>
  db.deleteFrom('firing').where('alert_id', 'in', ids.among<string>('alert_id')),
);

const upsert = createBulk<FiringRow, Of, unknown>(
  {
    alert_id: 'text',
    dedup_key: 'text',
    revision: 'number',
    since: 'number',
    told_at: 'number',
    held_at: 'number',
    gone_from: 'number',
    severity: 'text',
    row_count: 'number',
    last_seen: 'text',
    targets: 'text',
  },
  buildUpsert,
  { unique: 'alert_id' },
);

function buildUpsert(rows: Items, { rule }: Of) {
  return rows.into('firing', { rule }).onConflict((conflict) =>
    conflict.columns(['rule', 'alert_id']).doUpdateSet((set) => ({
      revision: set.ref('excluded.revision'),
      told_at: set.ref('excluded.told_at'),
      held_at: set.ref('excluded.held_at'),
      gone_from: set.ref('excluded.gone_from'),
      severity: set.ref('excluded.severity'),
      row_count: set.ref('excluded.row_count'),
      last_seen: set.ref('excluded.last_seen'),
      targets: set.ref('excluded.targets'),
    })),
  );
}
