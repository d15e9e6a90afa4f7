import { countOf, listCounts } from '../../lib/text.ts';
import type { Alert, AlertChange } from '../alert.ts';
import { isoOfMs } from '../event-time.ts';
import type { FiringAlert } from '../firing.ts';
import { fitAlert } from './fit-alert.ts';

/** What is known of the message before. */
export type ToldRevision = Pick<
  FiringAlert,
  'alertId' | 'revision' | 'severity' | 'rowCount' | 'toldAt' | 'acknowledged'
>;

/** What a run found, as the next revision of the alert that is firing: `alert` is what a new one would say. */
export function makeUpdate(
  alert: Alert,
  record: ToldRevision,
  { kind, logicalTime }: { readonly kind: 'again' | 'grown' | 'severity'; readonly logicalTime: number },
): Alert {
  const reason = `${WORDS[kind](alert, record)} ${countsOf(alert, record, logicalTime)}`;
  const change: AlertChange = { kind, since: isoOfMs(record.toldAt), reason };
  const { alertId: id, acknowledged } = record;
  return fitAlert({ ...alert, id, revision: record.revision + 1, change, ...(acknowledged && { acknowledged }) });
}

const WORDS = {
  again: () => 'The condition was found again.',
  grown: () => 'The condition goes on and has grown.',
  severity: (alert: Alert, { severity }: ToldRevision) =>
    `The severity has risen from ${severity} to ${alert.severity}.`,
} as const;

function countsOf(
  { rowCount, suppressedCount, suppressed = {} }: Alert,
  record: ToldRevision,
  logicalTime: number,
): string {
  const before = `${record.rowCount} in the message of ${isoOfMs(record.toldAt)}`;
  const held =
    suppressedCount > 0 ? `, and ${countOf(suppressedCount, 'hit')} held back since (${listCounts(suppressed)})` : '';
  return `Rows as of ${isoOfMs(logicalTime)}: ${rowCount}; ${before}${held}.`;
}
