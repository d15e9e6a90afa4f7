import type { ExceptionCount } from '../../alerts/hit.ts';
import type { WindowBasis } from '../../kql/window.ts';
import type { RunOutcome, RunRecord } from '../../state/run-record.ts';
import type { LedgerOutcome } from '../../state/store.ts';

/** Why there was or was not an alert of something at an instant: what the state of one tenant knows of it. Times are ISO texts in UTC. */
export interface ExplainedHistory {
  readonly tenant: string;
  /** The instant that is asked about. */
  readonly at: string;
  /** In sentences, what is known and what is not. */
  readonly says: readonly string[];
  /** The first scheduled time whose run could find what was there at that instant; null: none is to come. */
  readonly dueAt: string | null;
  /** Entries of the ledger that hold the instant: windows that wait or were not searched. */
  readonly ledger: readonly ExplainedEntry[];
  /** Runs whose window holds it, oldest first. */
  readonly runs: readonly ExplainedRun[];
  /** Whether there were more than are told here. */
  readonly hasMore: boolean;
}

export interface ExplainedEntry {
  readonly from: string;
  readonly to: string;
  readonly outcome: LedgerOutcome;
  readonly attempts: number;
  readonly reason: string | null;
}

/** A window. */
export interface ExplainedSpan {
  readonly from: string;
  readonly to: string;
  readonly basis: WindowBasis;
}

export interface ExplainedRun {
  readonly runId: string;
  readonly lane: RunRecord['lane'];
  readonly logicalTime: string;
  readonly window: ExplainedSpan | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: RunOutcome;
  readonly error: RunRecord['error'];
  readonly calls: number;
  /** What was sent, the comment line with the rule's id included, of a window asked in parts as if it had been asked at once; null: it is not known. */
  readonly query: string | null;
  readonly queryHash: string | null;
  /** The parts that the window was asked in; empty: at once. */
  readonly slices: readonly { readonly from: string; readonly to: string }[];
  readonly rows: number;
  readonly rowReasons: RunRecord['rowReasons'];
  readonly hits: number;
  readonly reasons: RunRecord['reasons'];
  readonly suppressed: RunRecord['suppressed'];
  /** What each exception took out; left out: none did. */
  readonly exceptions?: readonly ExceptionCount[];
  readonly truncated: boolean;
  readonly alerts: readonly ExplainedAlert[];
}

export interface ExplainedAlert {
  readonly id: string;
  readonly revision: number;
  readonly kind: 'detection' | 'health';
  readonly status: 'firing' | 'resolved';
  readonly severity: string;
  readonly deliveries: readonly {
    readonly target: string;
    readonly state: 'pending' | 'delivered' | 'dead' | 'dropped';
    readonly attempts: number;
    readonly firstAt: string | null;
    readonly settledAt: string | null;
    readonly reason: string | null;
  }[];
}
