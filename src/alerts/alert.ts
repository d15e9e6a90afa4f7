import type { EntityType, RuleOrigin, Severity } from '../rules/rule.ts';
import type { Cell, Row } from '../sources/source.ts';

export interface AlertEntity {
  readonly type: EntityType;
  readonly [field: string]: Cell;
}

export interface Observable {
  readonly type: string;
  readonly value: string;
}

/** The normalized document, exactly as schemas/alert.schema.json says. */
export interface Alert {
  /** Alerts that an older version left in the state are of 1.0. */
  readonly schemaVersion: '1.0' | '1.1';
  readonly id: string;
  readonly revision: number;
  readonly kind: 'detection' | 'health';
  readonly status: 'firing' | 'resolved';
  readonly time: string;
  readonly tenant: string;
  readonly rule: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly hash: string;
    readonly references: readonly string[];
    readonly runbook: string | null;
    readonly falsePositives: readonly string[];
    readonly tags: readonly string[];
    /** Of a rule that was written for another product. */
    readonly origin?: RuleOrigin;
  };
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly attack: readonly { readonly tactic: string | null; readonly technique: string | null }[];
  readonly window: { readonly from: string; readonly to: string; readonly basis: 'ingestion' | 'event' } | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly entities: readonly AlertEntity[];
  readonly observables: readonly Observable[];
  readonly details: Readonly<Record<string, Cell>>;
  readonly evidence: readonly Row[];
  readonly dedupKey: string;
  readonly suppressedCount: number;
  /** Since 1.1. Adds up to `suppressedCount`; left out where that is 0. */
  readonly suppressed?: HeldCounts;
  readonly runId: string;
  readonly source: string;
  readonly overflow?: {
    readonly hits: number;
    readonly atLeast: boolean;
    readonly byKey: readonly { readonly key: string; readonly hits: number }[];
  };
  readonly mappingErrors?: readonly { readonly column: string; readonly message: string }[];
  readonly health?: { readonly code: HealthCode; readonly subject: string };
  readonly evidenceTruncated?: boolean;
  /** Of revisions from 1 on: what has changed since the message before. */
  readonly change?: AlertChange;
  /** Since 1.1. `alert`: where people see more of it, as the configuration says. */
  readonly links?: { readonly alert?: string };
  /** Since 1.1. Who has taken it in hand; null: nobody has said so. */
  readonly acknowledged?: Acknowledgement | null;
}

/**
 * `again`: the condition was found anew; `grown`: it goes on, with more rows or newer events; `severity`: that has risen; `gone`: the condition
 * is; `abandoned`: nobody looks for it any more.
 */
export const CHANGE_KINDS = ['again', 'grown', 'severity', 'gone', 'abandoned'] as const;

export interface AlertChange {
  readonly kind: (typeof CHANGE_KINDS)[number];
  /** L of the run that made the message before. */
  readonly since: string;
  /** In sentences. */
  readonly reason: string;
}

export interface Acknowledgement {
  readonly by: string;
  /** ISO in UTC. */
  readonly at: string;
  readonly disposition?: Disposition;
}

/** What an alert turned out to be: something that should be stopped, something that did not happen as told, something that may happen. */
export const DISPOSITIONS = ['true', 'false', 'benign'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** What every new alert has that nobody has seen yet. */
export const UNSEEN = { links: {}, acknowledged: null } as const;

export const HEALTH_CODES = [
  'rule-failing',
  'rule-blocked',
  'gap',
  'truncated',
  'target-blocked',
  'dead-letter',
  'clock-skew',
  'clock-unknown',
  'coverage-void',
  'rule-lagging',
  'tenant-lagging',
  'tenant-blocked',
  'login-refused',
  'reload-refused',
  'rule-broken',
  'exception-column',
  'silence-ended',
  'maintenance-ended',
  'heartbeat',
  'expiry',
  'api-retires',
  'late-arrivals',
  'quota-shared',
  'takeovers',
] as const;
export type HealthCode = (typeof HEALTH_CODES)[number];

export const SUPPRESSION_REASONS = ['duplicate', 'quiet', 'silenced', 'excepted', 'maintenance', 'overflow'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];
export type SuppressedCounts = Readonly<Record<SuppressionReason, number>>;

/** Why hits of a dedup key were held back, in the order in which it is told. */
export const HELD_REASONS = ['duplicate', 'quiet', 'silenced', 'maintenance', 'excepted', 'overflow'] as const;
/** Hits held back, and rows that exceptions took out, by reason; one that did not occur is left out. */
export type HeldCounts = Readonly<Partial<Record<(typeof HELD_REASONS)[number], number>>>;

/** Message id: the alert's id, with `-<revision>` behind it from revision 1 on. */
export function messageId(alert: Pick<Alert, 'id' | 'revision'>): string {
  return alert.revision === 0 ? alert.id : `${alert.id}-${alert.revision}`;
}
