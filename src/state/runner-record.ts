import type { Problem } from '../lib/errors.ts';

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

/** One thing that a reload found to be another than before. */
export interface ReloadChange {
  readonly kind: 'rule' | 'target' | 'tenant' | 'setting';
  readonly name: string;
  /** Of a rule: whose. */
  readonly tenant: string | null;
  /** `waits`: a setting that holds from the next start on. */
  readonly how: 'added' | 'removed' | 'changed' | 'enabled' | 'disabled' | 'testing' | 'waits';
}

/** What made a process read its files again. */
export type ReloadTrigger = 'signal' | 'files' | 'action';

/** What came of reading everything again. */
export interface ReloadRecord {
  /** Epoch ms of the runner's own clock. */
  readonly at: number;
  readonly trigger: ReloadTrigger;
  /** `refused`: something is wrong, and all stayed as it was. */
  readonly outcome: 'applied' | 'unchanged' | 'refused';
  readonly changes: readonly ReloadChange[];
  /** What is wrong, the first hundred at most. */
  readonly problems: readonly Problem[];
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
  /** The latest reload; absent: none since the start. */
  readonly reload?: ReloadRecord;
}
