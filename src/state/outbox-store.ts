import type { Alert, HealthCode } from '../alerts/alert.ts';
import type { HiddenCount } from '../alerts/silences.ts';
import type { ChangedBy } from './audit-store.ts';
import type { Detour, DetourStore, Way } from './detour-store.ts';
import type { SummaryMark } from './silence-store.ts';
import type { SuccessorQuery, Successors } from './successors.ts';

/** An outbox entry to be: one message for one target. */
export interface Message extends Way {
  readonly messageId: string;
  readonly alertId: string;
  readonly revision: number;
  /** Entries of one order key reach a target one after another. */
  readonly orderKey: string;
}

/** An open health condition; its alert's id is made of code, subject and since. */
export interface HealthRecord {
  readonly tenant: string;
  readonly code: HealthCode;
  readonly subject: string;
  readonly since: number;
  readonly alertId: string;
  readonly revision: number;
  /** A silence or maintenance hid it: nobody was told. */
  readonly isHidden?: true;
}

export interface HealthChange {
  readonly tenant: string;
  readonly code: HealthCode;
  readonly subject: string;
  /** The record to keep, or null when the condition is gone. */
  readonly record: HealthRecord | null;
}

/** Health alerts that no run caused: raised by the outbox. One transaction. */
export interface HealthCommit<Kept = Alert> {
  readonly alerts: readonly Kept[];
  readonly messages: readonly Message[];
  readonly health: readonly HealthChange[];
  /** What silences and maintenance hid; left out: nothing. */
  readonly hidden?: readonly HiddenCount[];
  /** Which summaries of what was hidden stand among the alerts; left out: none. */
  readonly summaries?: readonly SummaryMark[];
  /** Ids of alerts whose end is told by this. */
  readonly ended?: readonly string[];
}

export interface OutboxEntry {
  readonly id: number;
  readonly messageId: string;
  readonly target: string;
  readonly orderKey: string;
  readonly attempts: number;
  readonly createdAt: number;
  readonly firstAttemptAt: number | null;
  /** Milliseconds between its attempts so far, as counted by the outbox. */
  readonly agedMs: number;
  /** Outbox time of its latest attempt. */
  readonly triedAt: number | null;
  /** Where `probedMs` of its target stood when probes began to count for it; null: none does yet. */
  readonly probedFrom: number | null;
  /** What the target answered to the latest delivery of this alert that it gave a receipt for. */
  readonly receipt: string | null;
  /** Parsed when it is asked for, and not kept: many wait, and an alert as objects takes several times the room of its text. */
  readonly alert: Alert;
  /** The alert as JSON. */
  readonly text?: string;
  /** Length of the alert as JSON: what it costs to keep it in memory. */
  readonly characters: number;
  readonly detour?: Detour;
}

export interface TargetState {
  readonly target: string;
  /** Epoch ms, to be shown. */
  readonly blockedSince: number | null;
  readonly reason: string | null;
  /** While blocked: the outbox time at which the next probe may go out. */
  readonly nextProbeAt: number | null;
  readonly probes: number;
  /** Milliseconds between failed probes, of all times that the target was blocked; it only grows. */
  readonly probedMs: number;
  /** Outbox time of the latest failed probe. */
  readonly probedAt: number | null;
  /** The outbox time until which the target asked to be left alone. */
  readonly pausedUntil: number | null;
  /** The outbox time since which it was asked and has taken nothing; null: it takes alerts, or was not asked. */
  readonly downSince: number | null;
}

export interface TargetCounts {
  readonly target: string;
  readonly pending: number;
  /** Epoch ms at which the oldest pending entry was committed. */
  readonly oldestAt: number | null;
  readonly dead: number;
}

/** What a person wants to know of a target beside the counts. */
export interface TargetNotes {
  /** Of the oldest tried entry among those due first or last: attempts, why the latest came to nothing; 0 and null: none was tried. */
  readonly attempts: number;
  readonly reason: string | null;
  /** Whether it has taken anything that the state still knows of; null: asked without `looksBack`, and nobody has looked yet. */
  readonly hasDelivered: boolean | null;
  /** Why the newest alert that it was asked to take and is done with became a dead letter; null where it was taken, or there is none. */
  readonly lastFailure: string | null;
  /** Alerts that wait for a digest to go out. */
  readonly inDigest: number;
}

/** All that is given must hold. */
export interface DeadLetterFilter {
  readonly target: string | null;
  readonly ids: readonly number[] | null;
  /** The reason holds this text, in upper or lower case. */
  readonly reason?: string;
  /** Epoch ms of the latest attempt, at least. */
  readonly since?: number;
  /** How the alert's id begins. */
  readonly alertPrefix?: string;
  /** Only those whose number is lower, the newest first; so many at most. Left out: all, oldest first. */
  readonly page?: { readonly before: number | null; readonly limit: number };
}

export interface DeadLetterHead {
  readonly id: number;
  readonly messageId: string;
  readonly alertId: string;
  readonly target: string;
  readonly reason: string;
  readonly status: number | null;
  readonly attempts: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface DeadLetter extends DeadLetterHead {
  readonly answer: string;
  readonly alert: Alert;
}

export interface RetryLater {
  readonly id: number;
  /** Outbox times. */
  readonly nextAttemptAt: number;
  readonly triedAt: number;
  readonly agedMs: number;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface Burial {
  readonly id: number;
  readonly reason: string;
  readonly status: number | null;
  readonly answer: string;
  readonly at: number;
}

/** A probe of a blocked target has failed. Outbox times; the numbers are the caller's decision. */
export interface FailedProbe {
  readonly target: string;
  readonly now: number;
  /** The target's `probedMs` with the time up to this probe in it. */
  readonly probedMs: number;
  /** So much at most of the time between an entry's own attempt and this probe is added to its age. */
  readonly longestStepMs: number;
  /** Entries of this age are buried. */
  readonly longestAgeMs: number;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** What a target answered to a delivery. */
export interface Receipt {
  readonly alertId: string;
  readonly target: string;
  readonly text: string;
  readonly at: number;
}

/** What the delivery loop and the dead-letter verbs use. Of what waits for a `target`, and of its state, a shard of it is asked by its own name (target-shard.ts). */
export interface OutboxStore extends DetourStore {
  /**
   * The outbox's own time in ms, by which entries and targets wait: it goes on with monotonic time and across restarts, never back, and
   * a wall clock that is wrong makes nothing wait longer than it was to (lib/steady-time.ts).
   */
  outboxNow(): number;
  openHealth(): Promise<readonly HealthRecord[]>;
  commitHealth(commit: HealthCommit): Promise<void>;
  /**
   * Entries of a target that are due at the outbox time `now`, those due longest first (entries that were never tried: oldest first), at most `limit`:
   * per order key only the oldest pending one, and none in `except`. With `ignoreBackoff` also those whose next attempt lies ahead.
   * Fewer than `limit` may come where the alerts are large; none comes only when there is none.
   */
  pending(
    target: string,
    query: {
      readonly now: number;
      readonly limit: number;
      readonly except: ReadonlySet<number>;
      readonly ignoreBackoff: boolean;
    },
  ): Promise<readonly OutboxEntry[]>;
  /** For targets that keep the order of what they are handed: entries that may follow those that are held. */
  successors(target: string, query: SuccessorQuery): Promise<Successors<OutboxEntry>>;
  /**
   * The latest message of each alert that a target has taken, where it says that the alert is firing and no later message waits or was
   * taken; newest first, at most `limit`. Those committed since `since` (epoch ms), and older ones of conditions that are still open.
   */
  lasting(target: string, query: { readonly since: number; readonly limit: number }): Promise<readonly OutboxEntry[]>;
  /** When, later than `after`, the next entry of a target falls due, in outbox time; null when none does. */
  nextDue(target: string, after: number): Promise<number | null>;
  delivered(ids: readonly number[], at: number): Promise<void>;
  /** Stored before their entries count as delivered: a ticket whose key is lost would be made twice. The newest of an alert and target holds. */
  keepReceipts(receipts: readonly Receipt[]): Promise<void>;
  /** What a target answered to the latest delivery of the alert that it gave a receipt for; null: none. */
  receiptOf(alertId: string, target: string): Promise<string | null>;
  retryLater(changes: readonly RetryLater[]): Promise<void>;
  /** Moves entries to the dead letters. */
  bury(burials: readonly Burial[]): Promise<void>;
  /** Moves all pending entries of a target to the dead letters; returns how many. */
  buryPending(target: string, burial: { readonly reason: string; readonly at: number }): Promise<number>;
  /** Counts a failed probe towards the age of all entries that wait for its target, and buries those that are too old; returns how many. */
  ageWaiting(probe: FailedProbe): Promise<number>;
  targetState(target: string): Promise<TargetState>;
  setTargetState(state: TargetState): Promise<void>;
  /** Changes only `downSince`; the outbox's time is not kept anew by it. */
  setDownSince(target: string, downSince: number | null): Promise<void>;
  targetCounts(): Promise<readonly TargetCounts[]>;
  /** Dead letters by target, of those that have some. */
  deadCounts(): Promise<ReadonlyMap<string, number>>;
  targetNotes(targets: readonly string[], looksBack?: boolean): Promise<ReadonlyMap<string, TargetNotes>>;
  /** Target names that have pending entries, configured or not. */
  pendingTargets(): Promise<readonly string[]>;

  /** Oldest entries first, and so of one order key in its order. */
  deadLetters(filter: DeadLetterFilter): Promise<readonly DeadLetter[]>;
  /** As deadLetters, without what is large. */
  deadLetterHeads(filter: DeadLetterFilter): Promise<readonly DeadLetterHead[]>;
  /** Back into the outbox with no attempts; returns how many. Their 72 hours begin anew. */
  replay(ids: readonly number[], at: number, asked?: ChangedBy): Promise<number>;
  /** Gives dead letters up for good; returns how many. */
  drop(ids: readonly number[], asked?: ChangedBy): Promise<number>;
}
