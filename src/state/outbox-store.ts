import type { Alert, HealthCode } from '../alerts/alert.ts';

/** An outbox entry to be: one message for one target. */
export interface Message {
  readonly messageId: string;
  readonly alertId: string;
  readonly revision: number;
  readonly target: string;
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
}

export interface HealthChange {
  readonly tenant: string;
  readonly code: HealthCode;
  readonly subject: string;
  /** The record to keep, or null when the condition is gone. */
  readonly record: HealthRecord | null;
}

/** Health alerts that no run caused: raised by the outbox. One transaction. */
export interface HealthCommit {
  readonly alerts: readonly Alert[];
  readonly messages: readonly Message[];
  readonly health: readonly HealthChange[];
}

export interface OutboxEntry {
  readonly id: number;
  readonly messageId: string;
  readonly target: string;
  readonly orderKey: string;
  readonly attempts: number;
  readonly createdAt: number;
  readonly firstAttemptAt: number | null;
  readonly alert: Alert;
}

export interface TargetState {
  readonly target: string;
  readonly blockedSince: number | null;
  readonly reason: string | null;
  /** While blocked: when the next probe may go out. */
  readonly nextProbeAt: number | null;
  readonly probes: number;
}

export interface TargetCounts {
  readonly target: string;
  readonly pending: number;
  /** Epoch ms at which the oldest pending entry was committed. */
  readonly oldestAt: number | null;
  readonly dead: number;
}

export interface DeadLetter {
  readonly id: number;
  readonly messageId: string;
  readonly alertId: string;
  readonly target: string;
  readonly reason: string;
  readonly status: number | null;
  readonly answer: string;
  readonly attempts: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly alert: Alert;
}

export interface RetryLater {
  readonly id: number;
  readonly nextAttemptAt: number;
  readonly reason: string;
  readonly at: number;
}

export interface Burial {
  readonly id: number;
  readonly reason: string;
  readonly status: number | null;
  readonly answer: string;
  readonly at: number;
}

/** The part of the state that the delivery loop and the dead-letter verbs use. */
export interface OutboxStore {
  openHealth(): Promise<readonly HealthRecord[]>;
  commitHealth(commit: HealthCommit): Promise<void>;
  /**
   * Entries of a target that are due at `now`, those due longest first (entries that were never tried: oldest first), at most `limit`:
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
  /** When, later than `after`, the next entry of a target falls due; null when none does. */
  nextDue(target: string, after: number): Promise<number | null>;
  delivered(ids: readonly number[], at: number): Promise<void>;
  retryLater(changes: readonly RetryLater[]): Promise<void>;
  /** Moves entries to the dead letters. */
  bury(burials: readonly Burial[]): Promise<void>;
  /** Moves all pending entries of a target to the dead letters, or those committed before `createdBefore`; returns how many. */
  buryPending(
    target: string,
    burial: { readonly createdBefore: number | null; readonly reason: string; readonly at: number },
  ): Promise<number>;
  targetState(target: string): Promise<TargetState>;
  setTargetState(state: TargetState): Promise<void>;
  targetCounts(): Promise<readonly TargetCounts[]>;
  /** Target names that have pending entries, configured or not. */
  pendingTargets(): Promise<readonly string[]>;

  deadLetters(filter: {
    readonly target: string | null;
    readonly ids: readonly number[] | null;
  }): Promise<readonly DeadLetter[]>;
  /** Back into the outbox with no attempts; returns how many. Their 72 hours begin anew. */
  replay(ids: readonly number[], at: number): Promise<number>;
  /** Gives dead letters up for good; returns how many. */
  drop(ids: readonly number[]): Promise<number>;
}
