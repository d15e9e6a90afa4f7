import type { Clock } from '../../lib/clock.ts';
import type { HealthCommit, HealthRecord, OutboxStore } from '../outbox-store.ts';
import type { Database } from '../steps/database.ts';
import { compiledOnce } from '../steps/statement.ts';
import { all, fallInLine, type RowSteps } from '../steps/steps.ts';
import { db } from '../steps/tables.ts';
import type { Commit } from '../store.ts';
import { type KeptAlert, saveAlerts, saveHealth } from './alert-rows.ts';
import { requireFence } from './fence.ts';
import { removeFiring, saveFiring } from './firing/firing-rows.ts';
import { noteAlerts, type Range } from './journal/journal-rows.ts';
import { saveRun } from './journal/run-rows.ts';
import { forgetKeys, saveKeys } from './key-rows.ts';
import type { OutboxTime } from './outbox-time.ts';
import { saveQuiet } from './quiet-rows.ts';
import { saveRule } from './rule-rows.ts';
import { saveHidden, saveSummaries } from './silences/hidden-rows.ts';
import { fromExactText } from './text.ts';

export interface Commits {
  commit(commit: Commit<KeptAlert>): Promise<void>;
  commitHealth(commit: HealthCommit<KeptAlert>): Promise<void>;
}

/** The two ways in which alerts come into the state; each is one transaction. */
export function createCommits(
  database: Database,
  clock: Clock,
  time: OutboxTime,
): Commits & Pick<OutboxStore, 'openHealth'> {
  const now = (): number => Math.round(clock.now());
  return {
    commit: (commit) => database.write(() => commitRun(database.name, commit, { at: now(), time }), 'own'),
    commitHealth: (commit) => database.write(() => commitOwn(commit, { at: now(), time })),
    openHealth: () => database.ask(readHealth),
  };
}

interface Moment {
  /** Epoch ms. */
  readonly at: number;
  readonly time: OutboxTime;
}

/** What only this rule has comes first; from its place in the line on, what is numbered, or counted with others. */
function* commitRun(place: string, commit: Commit<KeptAlert>, moment: Moment): RowSteps<void> {
  yield* requireFence(place, commit.fence);
  const rule = yield* saveRule(commit.tenant, commit.ruleId, commit.rule);
  yield* saveKeys(rule, commit.keys);
  if (commit.forgetBefore !== null) yield* forgetKeys(rule, commit.forgetBefore);
  yield* saveQuiet(rule, commit.quiet);
  yield* saveFiring(rule, commit.firing);
  yield* fallInLine();
  const alerts = yield* saveTold({ ...commit, ended: [] }, moment);
  yield* saveRun(rule, { run: commit.run, query: commit.query ?? null, alerts, at: moment.at });
}

function* commitOwn(commit: HealthCommit<KeptAlert>, moment: Moment): RowSteps<void> {
  const range = yield* saveTold(commit, moment);
  if (range) yield* noteAlerts(range, moment.at);
}

function* saveTold(commit: HealthCommit<KeptAlert>, { at, time }: Moment): RowSteps<Range | null> {
  const range = yield* saveAlerts(commit.alerts, commit.messages, at, time);
  yield* saveHealth(commit.health);
  yield* saveHidden(commit.hidden ?? []);
  yield* saveSummaries(commit.summaries ?? []);
  yield* removeFiring(commit.ended ?? []);
  return range;
}

const healthQuery = compiledOnce(() => db.selectFrom('health').selectAll().orderBy('since').orderBy('subject'));

function* readHealth(): RowSteps<HealthRecord[]> {
  return (yield* all(healthQuery({}))).map((row) => ({
    tenant: row.tenant,
    code: row.code as HealthRecord['code'],
    subject: fromExactText(row.subject),
    since: row.since,
    alertId: row.alert_id,
    revision: row.revision,
    ...(row.hidden === 1 && { isHidden: true }),
  }));
}
