import type { Alert } from '../alerts/alert.ts';
import type { FiringAlert, FiringChange, FiringOfRule } from '../alerts/firing.ts';
import type { KeyMemory, QuietMemory } from '../alerts/memory.ts';
import type { HiddenCount } from '../alerts/silences.ts';
import type { Cache } from '../lib/cache.ts';
import type { ErrorCode } from '../lib/errors.ts';
import type { QuotaStore } from '../sources/source.ts';
import type { AlertPage, AlertQuery } from './alert-page.ts';
import type { AuditStore } from './audit-store.ts';
import type { JournalStore, KeptQuery } from './journal-store.ts';
import type { HealthChange, Message, OutboxStore } from './outbox-store.ts';
import type { PageStore } from './page-store.ts';
import type { RunRecord } from './run-record.ts';
import type { RunnerRecord } from './runner-record.ts';
import type { SilenceStore } from './silence-store.ts';

/** `pending`: failed or missed, to be run at its own L; `gap`: given up, told; `unscheduled`: no run of the schedule looks at it; `disabled`: the rule was off; `truncated`: told in part. */
export type LedgerOutcome = 'pending' | 'gap' | 'unscheduled' | 'disabled' | 'truncated';

/** One window of a rule that is not simply covered. Covered windows leave no entry: they lie below the frontier. */
export interface LedgerEntry {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** L, the instant as of which this window is asked. */
  readonly logicalTime: number;
  /** Failures that spoke against this window. */
  readonly attempts: number;
  readonly outcome: LedgerOutcome;
  /** Why, in words for a person; null for a missed window that was never tried. */
  readonly reason: string | null;
  /** When the latest such failure came, epoch ms of the service's clock; left out where the window need not rest. */
  readonly failedAt?: number;
}

export type RuleStanding = 'ok' | 'failing' | 'throttled' | 'blocked' | 'lagging';

/** A run that carried the frontier further than the rule's schedule explains: after an outage, or by a clock that was wrong. */
export interface Leap {
  readonly from: number;
  readonly to: number;
}

/** Up to where the arrivals of a stream were swept for rows that came too late for its windows, and what of that is not done. */
export interface LateCoverage {
  readonly frontier: number | null;
  readonly ledger: readonly LedgerEntry[];
  readonly sliceMs: number | null;
}

/** Past time that somebody wants a rule to search, epoch ms. */
export interface BackfillWish {
  readonly from: number;
  readonly to: number;
  /** Hits that stood only in an overflow alert are told singly. */
  readonly noLimit: boolean;
  /** Rows that an exception took out, and none does any more, are told. */
  readonly retell: boolean;
}

/** A backfill as it goes on. */
export interface BackfillProgress extends BackfillWish {
  /** Up to where it is done. */
  readonly doneTo: number;
  /** Failures that spoke against its next window. */
  readonly attempts: number;
  /** Windows that failed too often and were left as they were. */
  readonly leftOut: number;
}

/** What is remembered of one rule of one tenant between runs. */
export interface RuleState {
  /** The `to` of the latest window that was planned, whatever came of it; null before the first run. */
  readonly frontier: number | null;
  /** Ledger entries, oldest first: all pending ones, and the rest for 90 days. */
  readonly ledger: readonly LedgerEntry[];
  /** Learnt slice length of stream windows in ms; null: the start value. */
  readonly sliceMs: number | null;
  readonly standing: RuleStanding;
  readonly failingSince: number | null;
  readonly failures: number;
  readonly lastError: { readonly code: ErrorCode; readonly message: string } | null;
  readonly lastRun: RunRecord | null;
  /** What the ledger was written under, to notice edits: shape, lookback, by-columns, dedup columns, status. */
  readonly ruleTrait: string | null;
  /** Until this L, hits whose newest event lies before are duplicates of a rule that was changed; null: no such change. */
  readonly changedAt: number | null;
  /** The latest leaps of the frontier, oldest first; none where they are left out. */
  readonly leaps?: readonly Leap[];
  /** L of the first window: what it reaches back over was no scheduled time. Left out before the first run, and in states of the first release. */
  readonly firstTime?: number;
  /** Left out before the first run, and for rules that are not swept. */
  readonly late?: LateCoverage;
  /** The latest backfill; left out: there was none. */
  readonly backfill?: BackfillProgress;
}

/** How long what is over is kept, in ms; null: for ever. */
export interface Retention {
  readonly alertsMs: number;
  readonly runsMs: number;
  readonly deadLettersMs: number | null;
  readonly auditMs: number;
}

/** All that one run leaves behind, or nothing of it. */
export interface Commit<Kept = Alert> {
  /** Must equal the store's fence, else STATE_FENCED: another runner has taken over. */
  readonly fence: number;
  readonly tenant: string;
  readonly ruleId: string;
  /** The rule's state after the run; `lastRun` is taken from `run`. */
  readonly rule: Omit<RuleState, 'lastRun'>;
  readonly keys: readonly KeyMemory[];
  /** Keys of this rule last returned before this L are forgotten; null: none. */
  readonly forgetBefore: number | null;
  readonly alerts: readonly Kept[];
  readonly messages: readonly Message[];
  readonly quiet: readonly QuietMemory[];
  readonly firing: readonly FiringChange[];
  readonly health: readonly HealthChange[];
  /** What silences and maintenance hid; left out: nothing. */
  readonly hidden?: readonly HiddenCount[];
  readonly run: RunRecord;
  /** The query that it sent; left out: none. */
  readonly query?: KeptQuery;
}

/**
 * The state between runs, deliveries and restarts. Every method is one transaction. Failures are HuntwireErrors with a STATE_ code;
 * nothing is half written. It decides nothing: what to write is the caller's business.
 */
export interface Store extends OutboxStore, SilenceStore, JournalStore, PageStore, AuditStore {
  /** The number every commit must carry; it grows when a new runner takes over. */
  readonly fence: number;
  /** Durable small answers; see lib/cache.ts. */
  readonly cache: Cache;
  readonly quota: QuotaStore;

  /** Keeps a value under a name where none is kept yet; gives what is kept. */
  keepFirst(name: string, value: string): Promise<string>;

  /** What the latest runner said of itself; null where none has worked on the state yet. */
  runner(): Promise<RunnerRecord | null>;
  /** Said by whoever holds the runner lock, about itself. */
  noteRunner(runner: RunnerRecord): Promise<void>;

  ruleState(tenant: string, ruleId: string): Promise<RuleState | null>;
  ruleStates(): Promise<readonly { readonly tenant: string; readonly ruleId: string; readonly state: RuleState }[]>;
  /** Known keys among those asked for; absent ones are left out. */
  findKeys(tenant: string, ruleId: string, keys: readonly string[]): Promise<ReadonlyMap<string, KeyMemory>>;
  findQuiet(tenant: string, ruleId: string, dedupKeys: readonly string[]): Promise<ReadonlyMap<string, QuietMemory>>;
  /** Alerts of a rule whose end was not told yet, in the order in which they began. */
  firingOf(tenant: string, ruleId: string): Promise<readonly FiringAlert[]>;
  allFiring(): Promise<readonly FiringOfRule[]>;
  commit(commit: Commit): Promise<void>;
  /** Everything that is remembered of a rule goes on under another id; false where nothing is, or where that one has a state of its own. */
  moveRule(tenant: string, ids: { readonly from: string; readonly to: string }): Promise<boolean>;
  /**
   * Told and held windows of a rule that end later than `after` (epoch ms) end then; quiet times that were opened later are none. For what
   * a clock wrote that was ahead. Done twice it is done once.
   */
  cutMemory(tenant: string, ruleId: string, after: number): Promise<void>;

  /** The newest revision of each alert whose id begins so, of two at most. */
  alertsById(beginning: string): Promise<readonly Alert[]>;

  /** Messages in the order in which they were committed, each with what is known of its alert's acknowledgement now. */
  alertPage(query: AlertQuery): Promise<AlertPage>;

  /** The newest revision of each of these alerts, in any order; one that is not there any more is left out. */
  newestAlerts(alertIds: readonly string[]): Promise<readonly Alert[]>;

  /** Removes what is past keeping: delivered alerts and runs of 30 days ago where nothing else is said. */
  tidy(now: number, keep?: Retention): Promise<void>;
  close(): Promise<void>;
}

/** What can be asked without the runner lock, beside a running daemon. */
export type StoreReader = Pick<
  Store,
  | 'cache'
  | 'quota'
  | 'runner'
  | 'ruleState'
  | 'ruleStates'
  | 'findKeys'
  | 'findQuiet'
  | 'outboxNow'
  | 'firingOf'
  | 'allFiring'
  | 'acknowledgementOf'
  | 'acknowledgementCounts'
  | 'openHealth'
  | 'targetState'
  | 'targetCounts'
  | 'targetNotes'
  | 'pendingTargets'
  | 'receiptOf'
  | 'deadLetters'
  | 'deadLetterHeads'
  | 'alertsById'
  | 'alertPage'
  | keyof JournalStore
  | keyof PageStore
  | 'silences'
  | 'hiddenTotals'
  | 'audit'
  | 'auditPage'
  | 'close'
>;
