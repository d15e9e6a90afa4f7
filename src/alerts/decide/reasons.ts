/**
 * Why a hit became what it became. `new`: told; `known`: all its rows are recorded; `overlap`: told in a window that overlaps;
 * `held`: held back in a window that overlaps, and nothing has happened since; `changed`: told by the rule as it was before a change; `quiet`: within `suppress`; `limit`: over the limit, in the overflow alert;
 * `silenced`: by a silence; `maintenance`: by maintenance; `testing`: the rule is in testing; `excepted`: a row that an exception took out.
 */
export type DecisionReason =
  | 'new'
  | 'known'
  | 'overlap'
  | 'held'
  | 'changed'
  | 'silenced'
  | 'maintenance'
  | 'quiet'
  | 'limit'
  | 'testing'
  | 'excepted';

/** Rows by the reason of the hit that they belong to; `threshold`: they belong to none. The counts of a run add up to its rows. */
export type RowReasonCounts = Readonly<Partial<Record<DecisionReason | 'threshold', number>>>;

/** Hits by reason; one that did not occur is left out. The counts of a run add up to its hits. */
export type ReasonCounts = Readonly<Partial<Record<DecisionReason, number>>>;
