import type { Alert } from '../alerts/alert.ts';
import type { AuditEntry } from './audit-store.ts';
import type { RunRecord } from './run-record.ts';

/** What became of an outbox entry. `retry`: it is tried again; `bury`: it is a dead letter; the rest was done to a dead letter by someone. */
export type DeliveryOutcome = 'delivered' | 'retry' | 'bury' | 'replay' | 'drop';

interface Happened {
  /** Place in the journal; it grows with time. What happened in one transaction may share one. */
  readonly place: number;
  /** Epoch ms of our clock. */
  readonly at: number;
}

/** A run that was committed. */
export interface RunHappened extends Happened {
  readonly kind: 'run';
  readonly run: RunRecord;
}

/** An alert, or a later revision of one, that was committed. */
export interface AlertHappened extends Happened {
  readonly kind: 'alert';
  readonly alertId: string;
  readonly revision: number;
  readonly alertKind: Alert['kind'];
  readonly status: Alert['status'];
  readonly severity: Alert['severity'];
  readonly tenant: string;
  readonly ruleId: string;
  /** null: no run found it. */
  readonly runId: string | null;
}

/** An attempt to hand a message to its target that has come to its end, or what was done to a dead letter. */
export interface DeliveryHappened extends Happened {
  readonly kind: 'delivery';
  readonly outcome: DeliveryOutcome;
  readonly target: string;
  readonly messageId: string;
  readonly alertId: string;
  /** Why it was not delivered. */
  readonly reason: string | null;
  /** Of a dead letter, the status of the answer; null: there was none. */
  readonly status: number | null;
}

/** A change that somebody made. */
export interface ChangeHappened extends Happened, AuditEntry {
  readonly kind: 'audit';
}

export type Happening = RunHappened | AlertHappened | DeliveryHappened | ChangeHappened;

export interface JournalPage {
  /** In their order. */
  readonly events: readonly Happening[];
  /** The place to go on behind. */
  readonly place: number;
  /** Whether nothing has happened since. */
  readonly isLast: boolean;
}

/** A message of an alert and what has become of it. */
export interface MessageFate {
  readonly target: string;
  readonly alertId: string;
  readonly revision: number;
  readonly state: 'pending' | 'delivered' | 'dead' | 'dropped';
  readonly attempts: number;
  /** Epoch ms; null: it was not tried, it is not finished. */
  readonly firstAt: number | null;
  readonly settledAt: number | null;
  /** Why the latest attempt, where it failed. */
  readonly reason: string | null;
}

/** A query as runs send it, less its instants. */
export interface KeptQuery {
  /** 32 hex digits of the template's SHA-256. */
  readonly hash: string;
  /** As `templateOf` of kql/query-template.ts makes it. */
  readonly template: string;
}

/** All that is kept of one run. */
export interface RunHistory {
  readonly run: RunRecord;
  /** The template of its query (kql/query-template.ts); null: it asked for none, or an older version ran it. */
  readonly template: string | null;
  readonly alerts: readonly AlertHappened[];
  readonly messages: readonly MessageFate[];
}

/** What happened, as the state keeps it: for 30 days, and no more than so many. */
export interface JournalStore {
  /** What happened behind a place, about `limit` entries: those of one transaction stay together. */
  journal(query: { readonly after: number; readonly limit: number }): Promise<JournalPage>;
  /** The place behind which all stands that happened since (epoch ms). */
  journalPlace(since: number): Promise<number>;
  /** Runs of a rule whose window holds an instant, or that asked as of later than it, oldest first. */
  runsAbout(
    tenant: string,
    ruleId: string,
    query: { readonly instant: number; readonly limit: number },
  ): Promise<readonly RunHistory[]>;
  /** Whether a message of an alert, of any revision, waits for a target. */
  isWaiting(alertId: string, target: string): Promise<boolean>;
  /** Of the oldest run that is kept of a rule; null: none is. */
  oldestRun(tenant: string, ruleId: string): Promise<OldestRun | null>;
}

/** When it ended by our clock, and from when on it asked by the service's; epoch ms. */
export interface OldestRun {
  readonly endedAt: number;
  readonly askedFrom: number;
}
