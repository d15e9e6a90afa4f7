import { sql } from 'kysely';
import type { JournalStore, MessageFate, RunHistory } from '../../journal-store.ts';
import type { Connection } from '../connection.ts';
import { ruleRowId } from '../rule-rows.ts';
import { compiledOnce } from '../statement.ts';
import { db } from '../tables.ts';
import { alertsIn } from './read-alerts.ts';
import { runOfText } from './run-text.ts';

/** Our clock and the service's may be this far apart. */
const CLOCKS_APART_MS = 24 * 3_600_000;

type About = { readonly rule: number; readonly instant: number; readonly since: number; readonly limit: number };

/** What is kept of the runs of one rule, for who asks why there was an alert, or none. */
export function createRunHistory(connection: Connection): Pick<JournalStore, 'runsAbout' | 'oldestRun' | 'isWaiting'> {
  return {
    runsAbout: async (tenant, ruleId, { instant, limit }) =>
      connection.read(() => {
        const rule = ruleRowId(connection, tenant, ruleId);
        const query = runsOfRule({ rule, instant, since: instant - CLOCKS_APART_MS, limit });
        return connection.all(query).map((row) => historyOf(connection, { tenant, ruleId }, row));
      }),
    isWaiting: async (alertId, target) => connection.all(waitingOf({ alertId, target })).length > 0,
    oldestRun: async (tenant, ruleId) =>
      connection.all(oldestOfRule({ rule: ruleRowId(connection, tenant, ruleId) }))[0]?.ended_at ?? null,
  };
}

const runsOfRule = compiledOnce(({ rule, instant, since, limit }: About) =>
  db
    .selectFrom('run')
    .leftJoin('sent_query', 'sent_query.id', 'run.query')
    .select(['run.run_id', 'run.ended_at', 'record', 'hash', 'template', 'first_alert', 'last_alert'])
    .where('rule', '=', rule)
    .where('ended_at', '>=', since)
    .where(
      sql<boolean>`(json_extract(record, '$.window.from') <= ${instant} and json_extract(record, '$.window.to') > ${instant})
        or (json_extract(record, '$.window.from') is null and json_extract(record, '$.logicalTime') >= ${instant})`,
    )
    .orderBy('ended_at')
    .orderBy('run.id')
    .limit(limit)
    .compile(),
);

const waitingOf = compiledOnce(({ alertId, target }: { readonly alertId: string; readonly target: string }) =>
  db
    .selectFrom('alert')
    .innerJoin('outbox', 'outbox.alert', 'alert.id')
    .select('outbox.id')
    .where('alert_id', '=', alertId)
    .where('target', '=', target)
    .where('settled_at', 'is', null)
    .limit(1)
    .compile(),
);

const oldestOfRule = compiledOnce(({ rule }: { readonly rule: number }) =>
  db.selectFrom('run').select('ended_at').where('rule', '=', rule).orderBy('ended_at').limit(1).compile(),
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

function historyOf(
  connection: Connection,
  rule: { readonly tenant: string; readonly ruleId: string },
  { run_id: runId, ended_at: at, record, hash, template, first_alert, last_alert }: HistoryRow,
): RunHistory {
  const run = { ...runOfText(record, { runId, ...rule }), ...(hash !== null && { query: hash }) };
  const range = { first: first_alert ?? 1, last: last_alert ?? 0 };
  const messages = range.first > range.last ? [] : connection.all(messagesOf(range)).map(toFate);
  return { run, template, alerts: alertsIn(connection, { id: 0, at }, range), messages };
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
    .orderBy('outbox.id')
    .compile(),
);

interface FateRow {
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
function toFate(row: FateRow): MessageFate {
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
