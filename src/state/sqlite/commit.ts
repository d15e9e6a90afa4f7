import type { Clock } from '../../lib/clock.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { HealthCommit, HealthRecord, OutboxStore } from '../outbox-store.ts';
import type { Commit } from '../store.ts';
import { type AlertRows, type KeptAlert, saveHealth } from './alert-rows.ts';
import type { Connection } from './connection.ts';
import { storedFence } from './fence.ts';
import type { FiringRows } from './firing/firing-rows.ts';
import type { KeyRows } from './key-rows.ts';
import type { QuietRows } from './quiet-rows.ts';
import { saveRule, saveRun } from './rule-rows.ts';
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
}

export interface Commits {
  commit(commit: Commit<KeptAlert>): Promise<void>;
  commitHealth(commit: HealthCommit<KeptAlert>): Promise<void>;
}

/** The two ways in which alerts come into the state; each is one transaction. */
export function createCommits(parts: CommitParts): Commits & Pick<OutboxStore, 'openHealth'> {
  return {
    commit: async (commit) => parts.connection.write(() => commitRun(parts, commit)),
    commitHealth: async (commit) => parts.connection.write(() => commitHealth(parts, commit)),
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
  commitHealth(parts, { ...commit, ended: [] });
  parts.firing.saveFiring(rule, commit.firing);
  saveRun(connection, rule, commit.run);
}

function commitHealth(parts: CommitParts, commit: HealthCommit<KeptAlert>): void {
  parts.alerts.saveAlerts(commit.alerts, commit.messages, Math.round(parts.clock.now()));
  saveHealth(parts.connection, commit.health);
  saveHidden(parts.connection, commit.hidden ?? []);
  saveSummaries(parts.connection, commit.summaries ?? []);
  parts.firing.removeFiring(commit.ended ?? []);
}

function requireFence(connection: Connection, fence: number): void {
  const stored = storedFence(connection);
  if (stored === fence) return;
  throw new HuntwireError(
    'STATE_FENCED',
    `Another huntwire has taken over the state file ${connection.path} (fence ${stored}, ours is ${fence}); end this process, the other one goes on.`,
  );
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
