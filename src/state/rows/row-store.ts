import type { Clock } from '../../lib/clock.ts';
import type { SteadyTime } from '../../lib/steady-time.ts';
import type { Database } from '../steps/database.ts';
import type { Store } from '../store.ts';
import { keptAlert, saveAlerts } from './alert-rows.ts';
import { createAuditRows } from './audit/audit-rows.ts';
import { createCacheRows } from './cache-rows.ts';
import { type Commits, createCommits } from './commit.ts';
import { createCutRows } from './cut-rows.ts';
import { createDeadLetterRows } from './dead-letter-rows.ts';
import { createDeliveryRows } from './delivery-rows.ts';
import { createAcknowledgementRows } from './detours/acknowledgement-rows.ts';
import { createDetourRows } from './detours/detour-rows.ts';
import { createDigestRows } from './detours/digest-rows.ts';
import { createEscalationRows } from './detours/escalation-rows.ts';
import { keepFirst } from './fence.ts';
import { createFiringRows } from './firing/firing-rows.ts';
import { noteAlerts } from './journal/journal-rows.ts';
import { createRunHistory } from './journal/read-history.ts';
import { createJournal } from './journal/read-journal.ts';
import { createKeyRows } from './key-rows.ts';
import { createOutboxRows } from './outbox-rows.ts';
import { createOutboxTime } from './outbox-time.ts';
import { createAlertHeads } from './pages/alert-heads.ts';
import { createDeliveryFates } from './pages/delivery-fates.ts';
import { createRunPages } from './pages/run-pages.ts';
import { createQuietRows } from './quiet-rows.ts';
import { createQuotaRows } from './quota/quota-rows.ts';
import { createRuleRows } from './rule-rows.ts';
import { createRunnerRows } from './runner-rows.ts';
import { createHiddenRows } from './silences/hidden-rows.ts';
import { createSilenceRows } from './silences/silence-rows.ts';
import { createStoredAlerts } from './stored-alerts.ts';
import { createTargetRows } from './target-rows.ts';
import { tidy } from './tidy.ts';

/** The store in a database whose layout is current. `fence` is what its commits must carry. */
export function createRowStore(database: Database, clock: Clock, fence: number, steady: SteadyTime): Store {
  const store = createKeptStore(database, clock, fence, steady);
  return {
    ...store,
    commit: (commit) => store.commit({ ...commit, alerts: commit.alerts.map(keptAlert) }),
    commitHealth: (commit) => store.commitHealth({ ...commit, alerts: commit.alerts.map(keptAlert) }),
  };
}

/** As a store; whoever commits alerts has made their texts. */
export type KeptStore = Omit<Store, 'commit' | 'commitHealth'> & Pick<Commits, 'commit' | 'commitHealth'>;

export function createKeptStore(database: Database, clock: Clock, fence: number, steady: SteadyTime): KeptStore {
  const time = createOutboxTime(steady);
  return {
    fence,
    keepFirst: (name, value) => database.write(() => keepFirst(name, value)),
    cache: createCacheRows(database),
    quota: createQuotaRows(database),
    ...createKeyRows(database),
    ...createQuietRows(database),
    ...createFiringRows(database),
    ...createRunnerRows(database),
    ...createRuleRows(database, fence),
    ...createCutRows(database),
    ...createCommits(database, clock, time),
    outboxNow: time.now,
    ...createOutboxRows(database),
    ...createDeliveryRows(database, time),
    ...createDetourRows(database, time),
    ...createAcknowledgementRows(database),
    ...createEscalationRows(database, time),
    ...createDigestRows(database, function* (alert, message) {
      const at = Math.round(clock.now());
      const range = yield* saveAlerts([keptAlert(alert)], [message], at, time);
      if (range) yield* noteAlerts(range, at);
    }),
    ...createStoredAlerts(database),
    ...createTargetRows(database, time),
    ...createDeadLetterRows(database, time, clock),
    ...createSilenceRows(database),
    ...createHiddenRows(database),
    ...createAuditRows(database),
    ...createJournal(database),
    ...createRunHistory(database),
    ...createAlertHeads(database),
    ...createDeliveryFates(database),
    ...createRunPages(database),
    tidy: (now, keep) => tidy(database, now, keep),
    close: () => database.close(),
  };
}
