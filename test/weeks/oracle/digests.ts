import type { Alert } from '../../../src/alerts/alert.ts';
import type { Message } from '../../../src/state/outbox-store.ts';
import type { JournalRecord } from '../world/journal.ts';

/** A message that goes out with others. */
export interface DigestMessage extends Message {
  /** When it was committed. */
  readonly at: number;
  readonly status: Alert['status'] | undefined;
}

/** Those that say so, and those that go on with an alert that a digest of their target has: the state keeps these together. */
export function digestMessages(records: readonly JournalRecord[]): readonly DigestMessage[] {
  const begun = new Set<string>();
  return records.flatMap((record) => {
    if (record.kind !== 'commit' && record.kind !== 'health') return [];
    const { alerts, messages } = record.commit;
    const added = messages.filter(({ target, alertId, digestMs, revision }) => {
      const before = revision > 0 && begun.has(`${target} ${alertId}`);
      if (digestMs !== undefined) begun.add(`${target} ${alertId}`);
      return digestMs !== undefined || before;
    });
    const statusOf = ({ alertId, revision }: Message): Alert['status'] | undefined =>
      alerts.find((alert) => alert.id === alertId && alert.revision === revision)?.status;
    return added.map((message) => ({ ...message, at: record.at, status: statusOf(message) }));
  });
}

/** Whether a digest tells of a message; of one that ends an alert it says so. */
export function tellsOf({ evidence }: Pick<Alert, 'evidence'>, { alertId, status }: DigestMessage): boolean {
  const row = evidence.find(({ AlertId }) => AlertId === alertId);
  return row !== undefined && (status !== 'resolved' || row.Status === 'resolved');
}
