import type { Clock } from '../../lib/clock.ts';
import type { HealthCommit, HealthRecord, OutboxStore } from '../outbox-store.ts';
import type { Commit } from '../store.ts';
import { type AlertRows, type KeptAlert, saveHealth } from './alert-rows.ts';
import type { Connection } from './connection.ts';
import { requireFence } from './fence.ts';
import type { FiringRows } from './firing/firing-rows.ts';
import type { JournalRows, Range } from './journal/journal-rows.ts';
import { saveRun } from './journal/run-rows.ts';
import type { KeyRows } from './key-rows.ts';
import type { QuietRows } from './quiet-rows.ts';
import { saveRule } from './rule-rows.ts';
import { saveHidden, saveSummaries } from './silences/hidden-rows.ts';
import { compiledOnce } from './statement.ts';
import { db } from './tables.ts';
import { fromExactText } from './text.ts';

interface CommitParts {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly keys: KeyRows;
  readonly quiet: QuietRows;
  readonly alerts: AlertRows;
  readonly firing: FiringRows;
  readonly journal: JournalRows;
}

export interface Commits {
  commit(commit: Commit<KeptAlert>): Promise<void>;
  commitHealth(commit: HealthCommit<KeptAlert>): Promise<void>;
}

/** The two ways in which alerts come into the state; each is one transaction. */
export function createCommits(parts: CommitParts): Commits & Pick<OutboxStore, 'openHealth'> {
  return {
    commit: async (commit) => parts.connection.write(() => commitRun(parts, commit)),
    commitHealth: async (commit) => parts.connection.write(() => commitOwn(parts, commit)),
    openHealth: async () => readHealth(parts.connection),
  };
}

function commitRun(parts: CommitParts, commit: Commit<KeptAlert>): void {
  const { connection, keys } = parts;
  requireFence(connection, commit.fence);
  const rule = saveRule(connection, commit.tenant, commit.ruleId, commit.rule);
  keys.saveKeys(rule, commit.keys);
  if (commit.forgetBefore !== null) keys.forgetKeys(rule, commit.forgetBefore);
  parts.quiet.saveQuiet(rule, commit.quiet);
  const at = Math.round(parts.clock.now());
  const alerts = commitHealth(parts, { ...commit, ended: [] }, at);
  parts.firing.saveFiring(rule, commit.firing);
  saveRun(connection, parts.journal, rule, { run: commit.run, query: commit.query ?? null, alerts, at });
}

function commitOwn(parts: CommitParts, commit: HealthCommit<KeptAlert>): void {
  const at = Math.round(parts.clock.now());
  const range = commitHealth(parts, commit, at);
  if (range) parts.journal.noteAlerts(range, at);
}

function commitHealth(parts: CommitParts, commit: HealthCommit<KeptAlert>, at: number): Range | null {
  const range = parts.alerts.saveAlerts(commit.alerts, commit.messages, at);
  saveHealth(parts.connection, commit.health);
  saveHidden(parts.connection, commit.hidden ?? []);
  saveSummaries(parts.connection, commit.summaries ?? []);
  parts.firing.removeFiring(commit.ended ?? []);
  return range;
}

const healthQuery = compiledOnce(() =>
  db.selectFrom('health').selectAll().orderBy('since').orderBy('subject').compile(),
);

function readHealth(connection: Connection): HealthRecord[] {
  return connection.all(healthQuery({})).map((row) => ({
    tenant: row.tenant,
    code: row.code as HealthRecord['code'],
    subject: fromExactText(row.subject),
    since: row.since,
    alertId: row.alert_id,
    revision: row.revision,
    ...(row.hidden === 1 && { isHidden: true }),
  }));
}
