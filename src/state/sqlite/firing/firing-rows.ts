import type { Alert } from '../../../alerts/alert.ts';
import type { FiringAlert, FiringChange } from '../../../alerts/firing.ts';
import type { Store } from '../../store.ts';
import { createBulk, SIZES_OF_LARGE_ROWS } from '../bulk.ts';
import type { Connection } from '../connection.ts';
import {
  type AcknowledgementColumns,
  shownAcknowledgement,
  withAcknowledgement,
} from '../detours/read-acknowledgement.ts';
import { ruleRowId } from '../rule-rows.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import { exactText, fromExactText } from '../text.ts';

/** Alerts whose end is to be told: read before a run decides, written by its commit. */
export interface FiringRows extends Pick<Store, 'firingOf' | 'allFiring' | 'newestAlerts'> {
  /** Inside a transaction. */
  saveFiring(rule: number, changes: readonly FiringChange[]): void;
  /** Inside a transaction: forgets those of any rule. */
  removeFiring(alertIds: readonly string[]): void;
}

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

export function createFiringRows(connection: Connection): FiringRows {
  const save = createBulk(connection, buildUpsert);
  const remove = createBulk(connection, buildRemoval);
  const removeAny = createBulk(connection, (ids: readonly AlertId[]) =>
    db.deleteFrom('firing').where('alert_id', 'in', wantedOf(ids)).compile(),
  );
  const documents = createBulk(connection, buildNewest, SIZES_OF_LARGE_ROWS);
  return {
    firingOf: async (tenant, ruleId) =>
      connection.read(() => readFiring(connection, ruleRowId(connection, tenant, ruleId))),
    allFiring: async () => readAll(connection),
    newestAlerts: async (ids) =>
      documents
        .rows(ids.map(toId), {})
        .map(({ document }) => withAcknowledgement(connection, JSON.parse(document) as Alert)),
    saveFiring: (rule, changes) => {
      const kept = changes.flatMap(({ record }) => record ?? []);
      const gone = changes.flatMap(({ alertId, record }) => (record ? [] : [toId(alertId)]));
      save.run(kept.map(toRow), { rule });
      remove.run(gone, { rule });
    },
    removeFiring: (ids) => void removeAny.run(ids.map(toId), {}),
  };
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
    .orderBy('firing.id')
    .compile(),
);

/** In the order in which they began. */
function readFiring(connection: Connection, rule: number): readonly FiringAlert[] {
  return connection.all(firingQuery({ rule })).map(takenRecord);
}

type TakenRow = FiringRow & { readonly [Name in keyof AcknowledgementColumns]: AcknowledgementColumns[Name] | null };

function takenRecord({ by, at, disposition, ...row }: TakenRow): FiringAlert {
  const isTaken = by !== null && at !== null;
  return { ...toRecord(row), ...(isTaken && { acknowledged: shownAcknowledgement({ by, at, disposition }) }) };
}

function readAll(connection: Connection) {
  const query = db
    .selectFrom('firing')
    .innerJoin('rule', 'rule.id', 'firing.rule')
    .leftJoin('acknowledgement as taken', 'taken.alert_id', 'firing.alert_id')
    .selectAll('firing')
    .select(['rule.tenant', 'rule.rule_id', 'taken.by', 'taken.at', 'taken.disposition'])
    .orderBy('since')
    .orderBy('firing.id');
  return connection
    .all(query.compile())
    .map((row) => ({ ...takenRecord(row), tenant: row.tenant, ruleId: row.rule_id }));
}

function wantedOf(ids: readonly AlertId[]): readonly string[] {
  return ids.map(({ alert_id }) => alert_id);
}

function buildNewest(ids: readonly AlertId[]) {
  return db
    .selectFrom('alert')
    .select('document')
    .where('alert_id', 'in', wantedOf(ids))
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
    )
    .compile();
}

function buildRemoval(ids: readonly AlertId[], { rule }: Of) {
  return db.deleteFrom('firing').where('rule', '=', rule).where('alert_id', 'in', wantedOf(ids)).compile();
}

function buildUpsert(rows: readonly FiringRow[], { rule }: Of) {
  const values = rows.map((row) => ({
    rule,
    alert_id: row.alert_id,
    dedup_key: row.dedup_key,
    revision: row.revision,
    since: row.since,
    told_at: row.told_at,
    held_at: row.held_at,
    gone_from: row.gone_from,
    severity: row.severity,
    row_count: row.row_count,
    last_seen: row.last_seen,
    targets: row.targets,
  }));
  return db
    .insertInto('firing')
    .values(values)
    .onConflict((conflict) =>
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
    )
    .compile();
}
