import { sql } from 'kysely';
import type { RunHistory } from '../../journal-store.ts';
import type { PageStore, RunRow } from '../../page-store.ts';
import type { Database } from '../../steps/database.ts';
import { compiledOnce } from '../../steps/statement.ts';
import { all, type RowSteps } from '../../steps/steps.ts';
import { db } from '../../steps/tables.ts';
import { CLOCKS_APART_MS, FROM, historyOf, LOGICAL, TO } from '../journal/read-history.ts';
import { runOfText } from '../journal/run-text.ts';
import { ruleRowId } from '../rule-rows.ts';

/** Runs for who looks at a rule, at an alert, or adds up what rules have found. */
export function createRunPages(
  database: Database,
): Pick<PageStore, 'runsOfRule' | 'runsOver' | 'runById' | 'newestRun' | 'runsBehind'> {
  return {
    runsOfRule: (tenant, ruleId, query) => database.read(() => readRuns({ tenant, ruleId }, query)),
    runsOver: (tenant, ruleId, query) => database.read(() => readOver({ tenant, ruleId }, query)),
    runById: (runId) => database.read(() => readRun(runId)),
    newestRun: () => database.ask(readNewest),
    runsBehind: (query) => database.read(() => readBehind(query)),
  };
}

type Page = { readonly rule: number; readonly before: number; readonly limit: number };

const newestRuns = compiledOnce(({ rule, before, limit }: Page) =>
  db
    .selectFrom('run')
    .select(['id', 'run_id', 'record'])
    .where('rule', '=', rule)
    .where('id', '<', before)
    .orderBy('ended_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit),
);

type RuleName = { readonly tenant: string; readonly ruleId: string };

function* readRuns(
  name: RuleName,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): RowSteps<readonly RunRow[]> {
  const rule = yield* ruleRowId(name.tenant, name.ruleId);
  const rows = yield* all(newestRuns({ rule, before: before ?? Number.MAX_SAFE_INTEGER, limit }));
  return rows.map((row) => runRowOf(name, row));
}

function runRowOf(
  name: RuleName,
  { id, run_id: runId, record }: { readonly id: number; readonly run_id: string; readonly record: string },
): RunRow {
  return { row: id, run: runOfText(record, { runId, ...name }) };
}

type Over = { readonly from: number; readonly to: number; readonly limit: number };

const runsOver = compiledOnce(
  ({ rule, since, from, to, limit }: Over & { readonly rule: number; readonly since: number }) =>
    db
      .selectFrom('run')
      .select(['id', 'run_id', 'record'])
      .where('rule', '=', rule)
      .where('ended_at', '>=', since)
      .where(
        sql<boolean>`((${FROM} < ${to} and ${TO} > ${from}) or (${FROM} is null and ${LOGICAL} > ${from} and ${LOGICAL} <= ${to}))`,
      )
      .orderBy('ended_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit),
);

function* readOver(name: RuleName, over: Over): RowSteps<readonly RunRow[]> {
  const rule = yield* ruleRowId(name.tenant, name.ruleId);
  return (yield* all(runsOver({ ...over, rule, since: over.from - CLOCKS_APART_MS }))).map((row) =>
    runRowOf(name, row),
  );
}

const runOf = compiledOnce(({ runId }: { readonly runId: string }) =>
  db
    .selectFrom('run')
    .innerJoin('rule', 'rule.id', 'run.rule')
    .leftJoin('sent_query', 'sent_query.id', 'run.query')
    .select(['tenant', 'rule_id', 'run.run_id', 'run.ended_at', 'record', 'hash', 'template'])
    .select(['first_alert', 'last_alert'])
    .where('run.run_id', '=', runId),
);

function* readRun(runId: string): RowSteps<RunHistory | null> {
  const [row] = yield* all(runOf({ runId }));
  return row ? yield* historyOf({ tenant: row.tenant, ruleId: row.rule_id }, row) : null;
}

const newestRow = compiledOnce(() => db.selectFrom('run').select('id').orderBy('id', 'desc').limit(1));

function* readNewest(): RowSteps<number> {
  return (yield* all(newestRow({})))[0]?.id ?? 0;
}

const firstOf = compiledOnce(({ since }: { readonly since: number }) =>
  db.selectFrom('run').select('id').where('ended_at', '>=', since).orderBy('ended_at').limit(1),
);

const runsFrom = compiledOnce(({ from, limit }: { readonly from: number; readonly limit: number }) =>
  db
    .selectFrom('run')
    .innerJoin('rule', 'rule.id', 'run.rule')
    .select(['run.id', 'run_id', 'record', 'tenant', 'rule_id'])
    .where('run.id', '>=', from)
    .orderBy('run.id')
    .limit(limit),
);

/** Rows are written in the order of their ends, or nearly so. */
function* readBehind(query: {
  readonly after: number;
  readonly since: number;
  readonly limit: number;
}): RowSteps<readonly RunRow[]> {
  const { after, since, limit } = query;
  const first = after > 0 ? after + 1 : (yield* all(firstOf({ since })))[0]?.id;
  if (first === undefined) return [];
  return (yield* all(runsFrom({ from: first, limit }))).map((row) => ({
    row: row.id,
    run: runOfText(row.record, { runId: row.run_id, tenant: row.tenant, ruleId: row.rule_id }),
  }));
}
