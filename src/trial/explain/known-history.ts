import type { RunnableRule } from '../../rules/rule.ts';
import type { WindowSettings } from '../../run/windows.ts';
import type { RunHistory } from '../../state/journal-store.ts';
import type { LedgerEntry, RuleState } from '../../state/store.ts';

export interface HistoryInput {
  readonly tenant: string;
  /** The instant that is asked about, and now; epoch ms. */
  readonly at: number;
  readonly now: number;
  readonly settings: WindowSettings;
}

/** What is known of a rule at an instant, before it is put into words. */
export interface KnownHistory extends HistoryInput {
  readonly rule: RunnableRule;
  /** null: the rule never ran. */
  readonly state: RuleState | null;
  /** Ledger entries and runs whose window holds the instant. */
  readonly entries: readonly LedgerEntry[];
  readonly runs: readonly RunHistory[];
  readonly hasMore: boolean;
  /** Scheduled time, epoch ms. */
  readonly dueAt: number | null;
  /** When the oldest run that is kept ended, epoch ms. */
  readonly oldestRun: number | null;
}
