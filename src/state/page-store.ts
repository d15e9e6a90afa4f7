import type { AlertMark, AlertQuery } from './alert-page.ts';
import type { AlertHappened, MessageFate, RunHistory } from './journal-store.ts';
import type { RunRecord } from './run-record.ts';

/** What a list shows of one message of an alert; its document may have 256 KB. */
export interface AlertHead extends Omit<AlertHappened, 'kind' | 'place'> {
  /** Number of the message; later ones have higher numbers. */
  readonly row: number;
  readonly ruleName: string;
  readonly title: string;
}

/** As AlertQuery, from the newest back. */
export interface AlertHeadQuery extends Omit<AlertQuery, 'after'> {
  /** Only those before this message; null: from the newest. */
  readonly before: AlertMark | null;
}

export interface AlertHeadPage {
  /** Newest first. */
  readonly heads: readonly AlertHead[];
  /** Before what was looked at; null: there is nothing older. A page without alerts does not mean that none follows. */
  readonly end: AlertMark | null;
}

/** One entry of the outbox with all that is known of it. */
export interface DeliveryFate extends MessageFate {
  /** Number of the entry, as dead letters have it. */
  readonly id: number;
  readonly messageId: string;
  /** Epoch ms of its commit. */
  readonly createdAt: number;
  /** Of a dead letter. */
  readonly status: number | null;
  readonly answer: string | null;
  /** What the target answered to the latest delivery of the alert that it gave a receipt for. */
  readonly receipt: string | null;
  /** The target that this one stands in for; null: none. */
  readonly insteadOf: string | null;
  /** The time without an acknowledgement, ms, after which it was escalated; null: it was not. */
  readonly escalatedAfterMs: number | null;
}

/** A run by the number of its row, which grows with time. */
export interface RunRow {
  readonly row: number;
  readonly run: RunRecord;
}

/** How long a delivery took from its commit. */
export interface DeliveryTime {
  readonly target: string;
  readonly settledAt: number;
  readonly tookMs: number;
}

/** What people look at page by page. Nothing here reads more than a page needs, however much is kept. */
export interface PageStore {
  alertHeads(query: AlertHeadQuery): Promise<AlertHeadPage>;
  /** Every message of one alert, newest first, so many at most. */
  revisionsOf(alertId: string, limit: number): Promise<readonly AlertHead[]>;
  /** What the newest runs of a rule that had alerts told, newest first. */
  headsOfRule(tenant: string, ruleId: string, limit: number): Promise<readonly AlertHead[]>;
  /** The number of the first message that was committed at each of these times (epoch ms) or later; of the next one where none was. */
  alertRowsAt(times: readonly number[]): Promise<readonly number[]>;
  /** What became of every message of an alert, newest first, so many at most. */
  deliveriesOf(alertId: string, limit: number): Promise<readonly DeliveryFate[]>;
  /** Of the newest deliveries that came to their end, so many at most. */
  deliveryTimes(limit: number): Promise<readonly DeliveryTime[]>;
  /** Runs of a rule, newest first; `before`: only those whose row is lower. */
  runsOfRule(
    tenant: string,
    ruleId: string,
    query: { readonly before: number | null; readonly limit: number },
  ): Promise<readonly RunRow[]>;
  /** Runs of a rule that asked for a part of this time, or as of an instant in it, newest first. */
  runsOver(
    tenant: string,
    ruleId: string,
    query: { readonly from: number; readonly to: number; readonly limit: number },
  ): Promise<readonly RunRow[]>;
  /** null: it is not kept any more. */
  runById(runId: string): Promise<RunHistory | null>;
  /** The row of the newest run; 0: there is none. */
  newestRun(): Promise<number>;
  /** Runs of all rules, oldest first. `after`: behind this row; `since`: that ended then (epoch ms) or later, as far as rows tell. */
  runsBehind(query: {
    readonly after: number;
    readonly since: number;
    readonly limit: number;
  }): Promise<readonly RunRow[]>;
}
