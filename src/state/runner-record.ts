/** A rule as a runner has loaded it. */
export interface LoadedRule {
  readonly tenant: string;
  readonly ruleId: string;
  /** The rule's own hash, as its alerts carry it. */
  readonly hash: string;
  /** Hash of all that the rule says, what alerts do not depend on included. */
  readonly wholeHash: string;
  /** Why the analysis of its query left it out; absent: it runs. */
  readonly refused?: string;
}

/** The process that runs rules and delivers on a state, or did last. Whether it is alive is told by its lock, not by this. */
export interface RunnerRecord {
  /** The verb that it was called with. */
  readonly verb: string;
  readonly pid: number;
  /** Host name. */
  readonly machine: string;
  readonly version: string;
  /** Epoch ms of its own clock. */
  readonly startedAt: number;
  /** Epoch ms; null while it works, and where it was killed. */
  readonly endedAt: number | null;
  readonly rules: readonly LoadedRule[];
}
