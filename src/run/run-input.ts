import type { RunnableRule } from '../rules/rule.ts';
import type { LedgerEntry, RuleState } from '../state/store.ts';
import type { BackfillInput } from './backfill/plan-backfill.ts';
import type { VoidCoverage } from './coverage/void-ahead.ts';
import type { Coverage, PlannedWindow } from './coverage.ts';
import type { EditedState } from './rule-edits.ts';
import type { Tenant } from './tenant.ts';

export interface SweepInput {
  readonly rule: RunnableRule;
  readonly coverage: Coverage;
}

/** One run: one planned window of one rule. */
export interface RunInput {
  readonly runId: string;
  readonly tenant: Tenant;
  readonly rule: RunnableRule;
  readonly planned: PlannedWindow;
  /** The rule's state before the run, without what was void of it; null where it never ran. */
  readonly state: RuleState | null;
  /** Coverage as the plan left it, with the rule's edits applied. */
  readonly edited: EditedState;
  /** Coverage from ahead of the service's clock that the plan found void. */
  readonly voided: VoidCoverage | null;
  /** Windows that the plan gave up. */
  readonly gaps: readonly LedgerEntry[];
  /** Of a sweep: the rule as the coverage of late arrivals sees it, and that coverage as the plan left it. Left out: an ordinary run. */
  readonly sweep?: SweepInput;
  /** Of a run of a backfill. */
  readonly backfill?: BackfillInput;
  /** Waits for room in the quota before each call. */
  readonly admit: () => Promise<number>;
  /** Whether failures count against windows, which may cost a call more. */
  readonly weighsFailures: boolean;
  readonly signal: AbortSignal;
}
