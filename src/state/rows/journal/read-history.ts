import { sql } from 'kysely';
import type { JournalStore, MessageFate, OldestRun, RunHistory } from '../../journal-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { jsonNumberAt } from '../../steps/words.ts';
import { ruleRowId } from '../rule-rows.ts';
import { alertsIn } from './read-alerts.ts';
import { runOfText } from './run-text.ts';

/** Our clock and the service's may be this far apart. */
export const CLOCKS_APART_MS = 24 * 3_600_000;

type About = { readonly rule: number; readonly instant: number; readonly since: number; readonly limit: number };

/** What is kept of the runs of one rule, for who asks why there was an alert, or none. */
export function createRunHistory(database: Database): Pick<JournalStore, 'runsAbout' | 'oldestRun' | 'isWaiting'> {
  return {
    runsAbout: (tenant, ruleId, query) => database.read(() => readRuns({ tenant, ruleId }, query)),
    isWaiting: (alertId, target) => database.ask(() => findWaiting(alertId, target)),
    oldestRun: (tenant, ruleId) => database.ask(() => readOldest(tenant, ruleId)),
  };
}

type RuleName = { readonly tenant: string; readonly ruleId: string };

function* readRuns(
  name: RuleName,
  { instant, limit }: { readonly instant: number; readonly limit: number },
): RowSteps<RunHistory[]> {
  const rule = yield* ruleRowId(name.tenant, name.ruleId);
  const rows = yield* all(runsOfRule({ rule, instant, since: instant - CLOCKS_APART_MS, limit }));
  const runs: RunHistory[] = [];
  for (const row of rows) runs.push(yield* historyOf(name, row));
  return runs;
}

function* findWaiting(alertId: string, target: string): RowSteps<boolean> {
  return (yield* all(waitingOf({ alertId, target }))).length > 0;
}

function* readOldest(tenant: string, ruleId: string): RowSteps<OldestRun | null> {
  const rule = yield* ruleRowId(tenant, ruleId);
  const [row] = yield* all(oldestOfRule({ rule }));
  if (!row) return null;
  const { window, logicalTime } = runOfText(row.record, { runId: row.run_id, tenant, ruleId });
  return { endedAt: row.ended_at, askedFrom: window?.from ?? logicalTime };
}

export const FROM = jsonNumberAt('record', 'window.from');
export const TO = jsonNumberAt('record', 'window.to');
export const LOGICAL = jsonNumberAt('record', 'logicalTime');

const runsOfRule = compiledOnce(({ rule, instant, since, limit }: About) =>
  db
    .selectFrom('run')
    .leftJoin('sent_query', 'sent_query.id', 'run.query')
    .select(['run.run_id', 'run.ended_at', 'record', 'hash', 'template', 'first_alert', 'last_alert'])
    .where('rule', '=', rule)
    .where('ended_at', '>=', since)
    .where(
      sql<boolean>`((${FROM} <= ${instant} and ${TO} > ${instant}) or (${FROM} is null and ${LOGICAL} >= ${instant}))`,
    )
    .orderBy('ended_at')
    .orderBy('run.id')
    .limit(limit),
);

const waitingOf = compiledOnce(({ alertId, target }: { readonly alertId: string; readonly target: string }) =>
  db
    .selectFrom('alert')
    .innerJoin('outbox', 'outbox.alert', 'alert.id')
    .select('outbox.id')
    .where('alert_id', '=', alertId)
    .where('target', '=', target)
    .where('settled_at', 'is', null)
    .limit(1),
);

const oldestOfRule = compiledOnce(({ rule }: { readonly rule: number }) =>
  db.selectFrom('run').select(['run_id', 'ended_at', 'record']).where('rule', '=', rule).orderBy('ended_at').limit(1),
);

interface HistoryRow {
  readonly run_id: string;
  readonly ended_at: number;
  readonly record: string;
  readonly hash: string | null;
  readonly template: string | null;
  readonly first_alert: number | null;
  readonly last_alert: number | null;
}

export function* historyOf(
  rule: { readonly tenant: string; readonly ruleId: string },
  { run_id: runId, ended_at: at, record, hash, template, first_alert, last_alert }: HistoryRow,
): RowSteps<RunHistory> {
  const run = { ...runOfText(record, { runId, ...rule }), ...(hash !== null && { query: hash }) };
  const range = { first: first_alert ?? 1, last: last_alert ?? 0 };
  const messages = range.first > range.last ? [] : (yield* all(messagesOf(range))).map(toFate);
  return { run, template, alerts: yield* alertsIn({ id: 0, at }, range), messages };
}

const messagesOf = compiledOnce(({ first, last }: { readonly first: number; readonly last: number }) =>
  db
    .selectFrom('outbox')
    .innerJoin('alert', 'alert.id', 'outbox.alert')
    .select([
      'target',
      'alert_id',
      'revision',
      'attempts',
      'first_attempt_at',
      'settled_at',
      'dead_at',
      'reason',
      'answer',
    ])
    .where('outbox.alert', '>=', first)
    .where('outbox.alert', '<=', last)
    .orderBy('outbox.id'),
);

export interface FateRow {
  readonly target: string;
  readonly alert_id: string;
  readonly revision: number;
  readonly attempts: number;
  readonly first_attempt_at: number | null;
  readonly settled_at: number | null;
  readonly dead_at: number | null;
  readonly reason: string | null;
  readonly answer: string | null;
}

/** Whoever buries an entry writes an answer, which stays when the dead letter is dropped. */
export function toFate(row: FateRow): MessageFate {
  const { target, alert_id: alertId, revision, attempts, reason } = row;
  const state =
    row.dead_at !== null ? 'dead' : row.settled_at === null ? 'pending' : row.answer === null ? 'delivered' : 'dropped';
  const why = state === 'delivered' ? null : reason;
  return {
    target,
    alertId,
    revision,
    state,
    attempts,
    firstAt: row.first_attempt_at,
    settledAt: row.settled_at,
    reason: why,
  };
}
