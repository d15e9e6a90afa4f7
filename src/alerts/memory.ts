import type { HeldCounts, SuppressionReason } from './alert.ts';

/** What became of a row: told, held back in testing, or suppressed for a reason. */
export type KeyState = 'told' | 'testing' | SuppressionReason;

/** What is remembered of a row between runs. */
export interface KeyMemory {
  /** 16 bytes as 32 hex digits. */
  readonly key: string;
  readonly state: KeyState;
  /** `to` of the latest window that told this key; null where none did. */
  readonly toldTo: number | null;
  /** Sets: `to` of each earlier window that told it and that a window to come may overlap, oldest first. */
  readonly toldBefore: readonly number[];
  /** Sets: `to` of the latest window in which an exception, a silence or a quiet time held it back; null where none did. */
  readonly heldTo: number | null;
  /** Newest event that was held back, in the form of alerts; null where the rows tell no time. */
  readonly heldNewest: string | null;
  /** Sets: the windows before that one that held it back, oldest first. */
  readonly heldBefore: readonly HeldSpan[];
  /** L of the latest run that returned the row. */
  readonly lastReturned: number;
}

/** Windows that overlap and held a key back, and the newest event of them. */
export interface HeldSpan {
  readonly from: number;
  readonly to: number;
  readonly newest: string | null;
}

/** What is remembered of a dedup key: when its latest alert was told, and why how many hits were held back since. */
export interface QuietMemory {
  readonly dedupKey: string;
  /** L of the latest told alert that opened it. */
  readonly openedAt: number;
  /** L of each earlier one whose quiet time a window to come may fall into, oldest first. */
  readonly openedBefore: readonly number[];
  /** Snapshots: L of the run that told the end of its alert, where nothing was told of it since. */
  readonly endedAt?: number;
  readonly held: HeldCounts;
}
