import type { LeaseName } from './lease.ts';

/** A process that runs on a state in a database, or stands by. */
export interface MachineSelf {
  /** Host name. */
  readonly machine: string;
  readonly pid: number;
  readonly verb: string;
}

/** A process as the database knows it. */
export interface Machine extends MachineSelf {
  readonly version: string;
  /** Whether it has the runner lock; else it stands by. */
  readonly runs: boolean;
  /** Epoch ms of the database's clock. */
  readonly startedAt: number;
  /** How long it has said nothing, ms. */
  readonly silentMs: number;
  /** The parts of the work that it has; of one that runs alone none, as it has all of it. */
  readonly leases: readonly LeaseSeen[];
}

/** A lease as others see it. */
export interface LeaseSeen extends LeaseName {
  readonly fence: number;
  /** Epoch ms of the database's clock. */
  readonly takenAt: number;
}

/** Who is at work on a state in a database. */
export interface MachinesSeen {
  /** Those that run, and those that stand by. */
  readonly machines: readonly Machine[];
  /** How often within the last hour one took over from another that had not said that it was over. */
  readonly takeovers: number;
}
