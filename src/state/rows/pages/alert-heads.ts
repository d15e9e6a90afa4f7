import type { AlertHead, AlertHeadPage, AlertHeadQuery, PageStore } from '../../page-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { jsonTextsAt } from '../../steps/words.ts';
import { highestId } from '../order-rows.ts';
import { ruleRowId } from '../rule-rows.ts';
import { alertsBetween, firstSince, isKnown, LOOKED_AT, markAt } from '../stored-alerts.ts';

type HeadReads = Pick<PageStore, 'alertHeads' | 'revisionsOf' | 'headsOfRule' | 'alertRowsAt'>;

/** Messages of alerts without their documents, which the database looks into. */
export function createAlertHeads(database: Database): HeadReads {
  return {
    alertHeads: (query) => database.read(() => readHeads(query)),
    revisionsOf: (alertId, limit) => database.ask(() => readRevisions(alertId, limit)),
    headsOfRule: (tenant, ruleId, limit) => database.read(() => readOfRule(tenant, ruleId, limit)),
    alertRowsAt: (times) => database.read(() => readRowsAt(times)),
  };
}

const HEAD = jsonTextsAt('document', [
  'kind',
  'status',
  'severity',
  'tenant',
  'rule.id',
  'rule.name',
  'title',
  'runId',
]).as('told');

interface HeadRow {
  readonly id: number;
  readonly alert_id: string;
  readonly revision: number;
  readonly created_at: number;
  readonly told: string;
}

type HeadWords = readonly [
  AlertHead['alertKind'],
  AlertHead['status'],
  AlertHead['severity'],
  tenant: string,
  ruleId: string,
  ruleName: string,
  title: string,
  runId: string,
];

function toHead({ id: row, alert_id: alertId, revision, created_at: at, told }: HeadRow): AlertHead {
  const [alertKind, status, severity, tenant, ruleId, ruleName, title, runId] = JSON.parse(told) as HeadWords;
  const words = { alertKind, status, severity, tenant, ruleId, ruleName, title, runId: runId || null };
  return { row, alertId, revision, at, ...words };
}

function* readHeads({ before, limit, since, ...wanted }: AlertHeadQuery): RowSteps<AlertHeadPage> {
  const highest = yield* highestId('alert');
  const known = before !== null && (yield* isKnown(before, highest));
  const last = known ? before.row - 1 : highest;
  const lowest = since === undefined ? 1 : yield* firstSince(since, { from: 1, to: highest });
  const from = Math.max(lowest, last - LOOKED_AT + 1);
  const query = alertsBetween({ from, last }, wanted).select(['id', 'alert_id', 'revision', 'created_at', HEAD]);
  const heads = (yield* all(query.orderBy('id', 'desc').limit(limit))).map(toHead);
  const end = heads.length === limit ? (heads.at(-1)?.row ?? from) : from;
  const older = yield* markAt(end - 1);
  if (older === null || older.row < lowest) return { heads, end: null };
  const mark = yield* all(db.selectFrom('alert').select('alert_id').where('id', '=', end));
  return { heads, end: { row: end, alertId: mark[0]?.alert_id ?? older.alertId } };
}

const revisionsOf = compiledOnce(({ alertId, limit }: { readonly alertId: string; readonly limit: number }) =>
  db
    .selectFrom('alert')
    .select(['id', 'alert_id', 'revision', 'created_at', HEAD])
    .where('alert_id', '=', alertId)
    .orderBy('revision', 'desc')
    .limit(limit),
);

function* readRevisions(alertId: string, limit: number): RowSteps<readonly AlertHead[]> {
  return (yield* all(revisionsOf({ alertId, limit }))).map(toHead);
}

const rangesOf = compiledOnce(({ rule, limit }: { readonly rule: number; readonly limit: number }) =>
  db
    .selectFrom('run')
    .select(['first_alert', 'last_alert'])
    .where('rule', '=', rule)
    .where('first_alert', 'is not', null)
    .orderBy('ended_at', 'desc')
    .limit(limit),
);

const headsBetween = compiledOnce(
  ({ first, last, limit }: { readonly first: number; readonly last: number; readonly limit: number }) =>
    db
      .selectFrom('alert')
      .select(['id', 'alert_id', 'revision', 'created_at', HEAD])
      .where('id', '>=', first)
      .where('id', '<=', last)
      .orderBy('id', 'desc')
      .limit(limit),
);

function* readOfRule(tenant: string, ruleId: string, limit: number): RowSteps<readonly AlertHead[]> {
  const ranges = yield* all(rangesOf({ rule: yield* ruleRowId(tenant, ruleId), limit }));
  const heads: AlertHead[] = [];
  for (const { first_alert: first, last_alert: last } of ranges) {
    if (heads.length >= limit) break;
    const values = { first: first ?? 1, last: last ?? 0, limit: limit - heads.length };
    heads.push(...(yield* all(headsBetween(values))).map(toHead));
  }
  return heads;
}

function* readRowsAt(times: readonly number[]): RowSteps<readonly number[]> {
  const highest = yield* highestId('alert');
  const rows: number[] = [];
  for (const time of times) rows.push(yield* firstSince(time, { from: 1, to: highest }));
  return rows;
}
