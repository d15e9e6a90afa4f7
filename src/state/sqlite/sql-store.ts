import type { Clock } from '../../lib/clock.ts';
import type { SteadyTime } from '../../lib/steady-time.ts';
import type { Store } from '../store.ts';
import { createAlertRows, keptAlert } from './alert-rows.ts';
import { createAuditRows, createNoteAudit, type NoteAudit } from './audit/audit-rows.ts';
import { createCacheRows } from './cache-rows.ts';
import { type Commits, createCommits } from './commit.ts';
import type { Connection } from './connection.ts';
import { createCutRows } from './cut-rows.ts';
import { createDeadLetterRows } from './dead-letter-rows.ts';
import { createDeliveryRows } from './delivery-rows.ts';
import { createAcknowledgementRows } from './detours/acknowledgement-rows.ts';
import { createDetourRows } from './detours/detour-rows.ts';
import { createDigestRows } from './detours/digest-rows.ts';
import { createEscalationRows } from './detours/escalation-rows.ts';
import { keepFirst } from './fence.ts';
import { createFiringRows } from './firing/firing-rows.ts';
import { createJournalRows } from './journal/journal-rows.ts';
import { createRunHistory } from './journal/read-history.ts';
import { createJournal } from './journal/read-journal.ts';
import { createKeyRows } from './key-rows.ts';
import { createOrderRows } from './order-rows.ts';
import { createOutboxRows } from './outbox-rows.ts';
import { createOutboxTime, steadyTimeOf } from './outbox-time.ts';
import { createQuietRows } from './quiet-rows.ts';
import { createQuotaRows } from './quota/quota-rows.ts';
import { createRuleRows } from './rule-rows.ts';
import { createRunnerRows } from './runner-rows.ts';
import { createHiddenRows } from './silences/hidden-rows.ts';
import { createSilenceRows } from './silences/silence-rows.ts';
import { createStoredAlerts } from './stored-alerts.ts';
import { createTargetRows } from './target-rows.ts';
import { tidy } from './tidy.ts';

/** The store on an open connection whose layout is current. `fence` is what its commits must carry. */
export function createSqlStore(
  connection: Connection,
  clock: Clock,
  fence: number,
  steady = steadyTimeOf(connection, clock),
): Store {
  const store = createKeptStore(connection, clock, fence, steady);
  return {
    ...store,
    commit: (commit) => store.commit({ ...commit, alerts: commit.alerts.map(keptAlert) }),
    commitHealth: (commit) => store.commitHealth({ ...commit, alerts: commit.alerts.map(keptAlert) }),
  };
}

/** As a store; whoever commits alerts has made their texts. */
export type KeptStore = Omit<Store, 'commit' | 'commitHealth'> & Pick<Commits, 'commit' | 'commitHealth'>;

export function createKeptStore(connection: Connection, clock: Clock, fence: number, steady: SteadyTime): KeptStore {
  const keys = createKeyRows(connection);
  const quiet = createQuietRows(connection);
  const firing = createFiringRows(connection);
  const journal = createJournalRows(connection);
  const note = createNoteAudit(connection, journal);
  const order = createOrderRows(connection);
  const time = createOutboxTime(connection, steady);
  const alerts = createAlertRows(connection, order, time);
  return {
    fence,
    keepFirst: async (name, value) => keepFirst(connection, name, value),
    cache: createCacheRows(connection),
    quota: createQuotaRows(connection),
    findKeys: keys.findKeys,
    findQuiet: quiet.findQuiet,
    firingOf: firing.firingOf,
    allFiring: firing.allFiring,
    newestAlerts: firing.newestAlerts,
    ...createRunnerRows(connection),
    ...createRuleRows(connection, fence),
    ...createCutRows(connection),
    ...createCommits({ connection, clock, keys, quiet, alerts, firing, journal }),
    outboxNow: time.now,
    ...createOutboxRows(connection),
    ...createDeliveryRows(connection, { order, time, journal }),
    ...createDetourRows(connection, order, time),
    ...createAcknowledgementRows(connection, note),
    ...createEscalationRows(connection, order, time),
    ...createDigestRows(connection, (alert, message) => {
      const at = Math.round(clock.now());
      const range = alerts.saveAlerts([keptAlert(alert)], [message], at);
      if (range) journal.noteAlerts(range, at);
    }),
    ...createStoredAlerts(connection),
    ...createTargetRows(connection, time),
    ...createDeadLetterRows(connection, { order, time, journal, clock, note }),
    ...createSilenceRows(connection, note),
    ...createHiddenRows(connection),
    ...createPast(connection, note),
    tidy: (now, keep) => tidy(connection, now, keep),
    close: async () => connection.close(),
  };
}

/** What happened, and who did it. */
function createPast(connection: Connection, note: NoteAudit) {
  return { ...createAuditRows(connection, note), ...createJournal(connection), ...createRunHistory(connection) };
}
