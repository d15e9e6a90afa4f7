import type { RowSteps } from './steps.ts';

/**
 * What a piece of work may write. `all`: everything, and nobody else writes meanwhile. `own`: until it falls in line (fallInLine) only what no other
 * writer writes so, which runs beside theirs where the database can do that; behind it everything that is added.
 */
export type Reach = 'all' | 'own';

/** Where the state is kept. Failures are HuntwireErrors with a STATE_ code that name the place. */
export interface Database {
  /** What messages call it. */
  readonly name: string;
  /** Each step by itself. */
  ask<Result>(work: () => RowSteps<Result>): Promise<Result>;
  /** All steps see one snapshot. */
  read<Result>(work: () => RowSteps<Result>): Promise<Result>;
  /** All that `work` writes, or nothing of it, in the order in which it was asked for. Once done it has reached the disk. */
  write<Result>(work: () => RowSteps<Result>, reach?: Reach): Promise<Result>;
  /** As write, but a power failure may undo it (never a part of it): for what can be repeated or made again. */
  writeLazily<Result>(work: () => RowSteps<Result>, reach?: Reach): Promise<Result>;
  /** What was removed goes back to the file system, where that is not done without asking. */
  giveBackRoom(): Promise<void>;
  close(): Promise<void>;
}
