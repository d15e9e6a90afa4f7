import type { Severity } from '../rules/rule.ts';
import type { Acknowledgement } from './alert.ts';

/** An alert that was told as firing and whose end was not told yet. Times are L, epoch ms. */
export interface FiringAlert {
  readonly alertId: string;
  readonly dedupKey: string;
  /** Of the latest message. */
  readonly revision: number;
  /** Of the run that told it first. */
  readonly since: number;
  /** Of the run that made the latest message. */
  readonly toldAt: number;
  /** Of the latest run that found the condition. */
  readonly heldAt: number;
  /** Of the first complete run after that one that did not find it; null: none was yet. */
  readonly goneFrom: number | null;
  /** What the latest message said: severity, rows, newest event in the form of alerts. */
  readonly severity: Severity;
  readonly rowCount: number;
  readonly lastSeen: string;
  /** All targets that were told of it. */
  readonly targets: readonly string[];
  /** Who has taken it on; left out: nobody has. It is read with the record and not written with it. */
  readonly acknowledged?: Acknowledgement;
}

/** A firing alert of a rule as the state holds it, with the rule that told it. */
export interface FiringOfRule extends FiringAlert {
  readonly tenant: string;
  readonly ruleId: string;
}

/** What becomes of a firing alert: the record to keep, or null where its end was told. */
export interface FiringChange {
  readonly alertId: string;
  readonly record: FiringAlert | null;
}
