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
}

/** Who is at work on a state in a database. */
export interface MachinesSeen {
  /** The one that runs, and those that stand by. */
  readonly machines: readonly Machine[];
  /** How often within the last hour one took over from another that had not said that it was over. */
  readonly takeovers: number;
}
