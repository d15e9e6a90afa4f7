import type { SuppressedCounts } from '../alerts/alert.ts';
import type { ReasonCounts, RowReasonCounts } from '../alerts/decide/reasons.ts';
import type { ExceptionCount } from '../alerts/hit.ts';
import type { TimeRange, Window } from '../kql/window.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { ApiName } from '../sources/source.ts';

export type RunOutcome = 'ok' | 'failed' | 'throttled' | 'blocked' | 'skipped';

/** Whether a run was asked when it was due, made up for later, swept up what came too late, or searched again what somebody wished. */
export type RunLane = 'due' | 'backlog' | 'sweep' | 'backfill';

export interface RunRecord {
  readonly runId: string;
  readonly tenant: string;
  readonly ruleId: string;
  readonly api: ApiName;
  readonly window: Window | null;
  readonly lane: RunLane;
  readonly logicalTime: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: RunOutcome;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  readonly calls: number;
  readonly rows: number;
  readonly hits: number;
  /** Hits that stand in an alert of their own, or share one by their dedup key. */
  readonly toldHits: number;
  readonly alerts: number;
  readonly suppressed: SuppressedCounts;
  /** What became of the hits and why; adds up to `hits`. */
  readonly reasons: ReasonCounts;
  /** What became of the rows and why; adds up to `rows` of a run that was answered. */
  readonly rowReasons: RowReasonCounts;
  /** What each exception took out; left out: none did. Adds up to `suppressed.excepted`. */
  readonly exceptions?: readonly ExceptionCount[];
  readonly truncated: boolean;
  /** What its query is known by, however often it is sent (`KeptQuery`); left out: it sent none. */
  readonly query?: string;
  /** The parts that its window was asked in; left out: it was asked at once. */
  readonly slices?: readonly TimeRange[];
}
