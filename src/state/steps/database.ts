import type { RowSteps } from './steps.ts';

/** Where the state is kept. Failures are HuntwireErrors with a STATE_ code that name the place. */
export interface Database {
  /** What messages call it. */
  readonly name: string;
  /** Each step by itself. */
  ask<Result>(work: () => RowSteps<Result>): Promise<Result>;
  /** All steps see one snapshot. */
  read<Result>(work: () => RowSteps<Result>): Promise<Result>;
  /** All that `work` writes, or nothing of it, in the order in which it was asked for. Once done it has reached the disk. */
  write<Result>(work: () => RowSteps<Result>): Promise<Result>;
  /** As write, but a power failure may undo it (never a part of it): for what can be repeated or made again. */
  writeLazily<Result>(work: () => RowSteps<Result>): Promise<Result>;
  /** What was removed goes back to the file system, where that is not done without asking. */
  giveBackRoom(): Promise<void>;
  close(): Promise<void>;
}
