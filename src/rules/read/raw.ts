import type { EntityType, Measure, Redaction, RuleOrigin, RuleStatus, Severity, ThresholdOperator } from '../rule.ts';

/** The YAML of a rule once schemas/rule.schema.json has nothing against it. Integers beyond 2^53 are bigint. */
export interface RawRule {
  readonly id: string;
  readonly previousIds?: readonly string[];
  readonly name: string;
  readonly description?: string;
  readonly severity: Severity;
  readonly version?: string;
  readonly status?: RuleStatus;
  readonly attack?: readonly string[];
  readonly tags?: readonly string[];
  readonly author?: string;
  readonly references?: readonly string[];
  readonly falsePositives?: readonly string[];
  readonly runbook?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query: string;
  readonly shape?: 'stream' | 'set';
  readonly schedule: RawSchedule;
  readonly window?: WindowName | RawWindow;
  readonly threshold?: string | RawThreshold;
  readonly alert?: RawAlert;
  readonly exceptions?: readonly RawException[];
  readonly redact?: Redaction;
  readonly targets?: readonly string[];
  readonly tests?: readonly RawTest[];
  readonly origin?: RawOrigin;
}

export type WindowName = 'ingestion' | 'event' | 'none';

export interface RawSchedule {
  readonly every?: string;
  readonly cron?: string;
  readonly timezone?: string;
  readonly lookback?: string;
  readonly pauses?: 'accepted';
}

export interface RawWindow {
  readonly basis?: WindowName;
  readonly tables?: Readonly<Record<string, string>>;
  readonly keepFilters?: boolean | 'sets';
  readonly sets?: 'event';
}

export interface RawOrigin {
  readonly format: RuleOrigin['format'];
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface RawThreshold {
  readonly measure?: Measure;
  readonly column?: string;
  readonly operator: ThresholdOperator;
  readonly value: number | bigint;
  readonly groupBy?: readonly string[];
}

export interface RawAlert {
  readonly per?: 'row' | 'group' | 'run';
  readonly title?: string;
  readonly description?: string;
  readonly severityColumn?: string;
  readonly entities?: readonly ({ readonly type: EntityType } & Readonly<Record<string, string>>)[];
  readonly details?: Readonly<Record<string, string>>;
  readonly dedup?: { readonly columns: readonly string[] };
  readonly suppress?: string;
  readonly resolveAfter?: string;
  readonly updates?: { readonly every?: string; readonly when?: 'grown' | 'severity' };
  readonly limit?: number;
  readonly evidence?: number;
}

export type RawMatch = string | number | bigint | boolean;

export interface RawException {
  readonly where: Readonly<Record<string, RawMatch | readonly RawMatch[]>>;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
}

export type RawRows = readonly Readonly<Record<string, unknown>>[];

export interface RawTest {
  readonly name: string;
  readonly now?: string;
  readonly rows?: RawRows;
  readonly tables?: Readonly<Record<string, RawRows>>;
  readonly functions?: Readonly<Record<string, RawRows>>;
  readonly externaldata?: Readonly<Record<string, RawRows>>;
  readonly alerts: RawRows;
  readonly snapshot?: boolean;
}
