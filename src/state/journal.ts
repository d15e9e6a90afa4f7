import type { RunRecord } from './run-record.ts';

/** What became of one attempt to hand an alert over. */
export interface JournalDelivery {
  readonly kind: 'delivery';
  readonly target: string;
  readonly messageId: string;
  /** `retry`: it is tried again, `bury`: it is a dead letter. */
  readonly outcome: 'delivered' | 'retry' | 'bury';
  /** How long the target took, ms; of a batch the whole. */
  readonly tookMs: number;
  /** Why it was not delivered. */
  readonly reason: string | null;
}

/** A run that was committed. */
export interface JournalRun {
  readonly kind: 'run';
  readonly run: RunRecord;
}

/** One thing that happened. */
export type JournalEntry = JournalRun | JournalDelivery;

/** Is told what happens, as it happens. Never throws, and nobody waits for it. */
export type Journal = (entry: JournalEntry) => void;
