import type { Alert } from '../alerts/alert.ts';
import type { Severity } from '../rules/rule.ts';

/** Where a page ended: the number of the message there, and its alert's id, which tells whether it is still the same state. */
export interface AlertMark {
  readonly row: number;
  readonly alertId: string;
}

/** All that is given must hold. */
export interface AlertQuery {
  /** Behind this message; null: from the oldest that is kept. */
  readonly after: AlertMark | null;
  readonly limit: number;
  /** Epoch ms at which it was committed, at least. */
  readonly since?: number;
  readonly tenant?: string;
  readonly ruleId?: string;
  readonly status?: Alert['status'];
  readonly kind?: Alert['kind'];
  readonly severities?: readonly Severity[];
}

/** Some of the messages that were committed, oldest first. */
export interface AlertPage {
  readonly alerts: readonly Alert[];
  /** Behind what was looked at; null: the state has never held an alert. */
  readonly end: AlertMark | null;
  /** Whether there is something behind it already: no alert on a page does not mean that none follows. */
  readonly more: boolean;
  /** The mark is not known, as the state was replaced or an older one put back: the page begins with the oldest. */
  readonly begunAnew: boolean;
}
