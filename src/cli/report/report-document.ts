import type { Disposition, SuppressedCounts } from '../../alerts/alert.ts';
import type { Severity } from '../../rules/rule.ts';
import type { CoverageSpan } from '../../run/coverage/coverage-spans.ts';

import type { RunOutcome } from '../../state/run-record.ts';

/** Days and hours are UTC, times are ISO texts. */
export interface ReportDocument {
  readonly from: string;
  readonly to: string;
  readonly version: string;
  readonly totals: ReportTotals;
  readonly runsByDay: readonly DayOfRuns[];
  readonly alertsByDay: readonly DayOfAlerts[];
  /** Those with most alerts first. */
  readonly rules: readonly ReportedRule[];
  readonly latency: ReportedLatency;
  readonly quota: readonly ReportedQuota[];
  /** What could not be searched and is asked no more, newest first. */
  readonly gaps: readonly ReportedGap[];
  readonly coverage: readonly ReportedCoverage[];
  readonly techniques: readonly ReportedTechnique[];
}

export interface ReportTotals {
  readonly runs: number;
  readonly failedRuns: number;
  readonly rows: number;
  /** Detections that were told for the first time. */
  readonly alerts: number;
  readonly delivered: number;
  readonly deadLetters: number;
}

export interface DayOfRuns {
  readonly day: string;
  readonly outcomes: Readonly<Record<RunOutcome, number>>;
}

export interface DayOfAlerts {
  readonly day: string;
  readonly severities: Readonly<Record<Severity, number>>;
}

export interface ReportedRule {
  readonly tenant: string;
  readonly rule: string;
  readonly runs: number;
  readonly failedRuns: number;
  readonly alerts: number;
  readonly suppressed: SuppressedCounts;
  /** Of all acknowledged alerts that the state holds. */
  readonly dispositions: Readonly<Record<Disposition, number>>;
}

/** From the newest event of an alert to its delivery at a target, ms. */
export interface ReportedLatency {
  readonly deliveries: number;
  readonly median: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly longest: number | null;
  /** Deliveries that took at most so long, and longer than the one before; null: any longer. */
  readonly distribution: readonly { readonly upToMs: number | null; readonly deliveries: number }[];
}

export interface ReportedQuota {
  readonly tenant: string;
  /** Calls that it may make in an hour; null: as many as it likes. */
  readonly callsPerHour: number | null;
  /** Calls of runs; other verbs are not in the journal. */
  readonly hours: readonly { readonly hour: string; readonly calls: number }[];
}

export interface ReportedGap {
  readonly tenant: string;
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string | null;
}

export interface ReportedCoverage {
  readonly tenant: string;
  readonly rule: string;
  /** One behind the other; what lies before the first is not known to have been searched. */
  readonly spans: readonly CoverageSpan[];
}

export interface ReportedTechnique {
  readonly id: string;
  readonly name: string;
  /** Rules that are on. */
  readonly enabled: number;
  readonly tested: boolean;
  readonly alerts: number;
}
