import type { TimeRange } from '../../kql/window.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { SuppressedCounts } from '../alert.ts';
import type { Collected, Hit } from '../hit.ts';
import type { KeyMemory, KeyState, QuietMemory } from '../memory.ts';
import type { HiddenHits, Hider } from '../silences.ts';
import type { Overflow, ToldHit } from '../told-hit.ts';
import type { DecisionReason, ReasonCounts, RowReasonCounts } from './reasons.ts';

export interface DecideInput {
  readonly rule: RunnableRule;
  readonly collected: Collected;
  /** Memory of the keys of `keysToFind`; keys that are not known are left out. */
  readonly known: ReadonlyMap<string, KeyMemory>;
  /** Memory of the dedup keys of `dedupKeysToFind`. */
  readonly quiet: ReadonlyMap<string, QuietMemory>;
  /** L of the run in epoch ms. */
  readonly logicalTime: number;
  /** The whole window of the run, all slices; null for a snapshot. */
  readonly window: TimeRange | null;
  /** The earliest instant (epoch ms) that this window or a pending one reaches back to; null: none has a window. */
  readonly reachesBackTo: number | null;
  /**
   * For set rules that were changed, epoch ms: hits whose newest event lies before it, and hits without an event time whose rows were
   * recorded before it, are duplicates.
   */
  readonly changedAt: number | null;
  /** The answer was cut short: true counts are lower bounds. */
  readonly truncated: boolean;
  /** Dedup keys whose firing alert somebody has taken on, and which is told as updates: they are quiet until it ends. Left out: none. */
  readonly takenKeys?: ReadonlySet<string>;
  /** What hides a hit; left out: nothing does. */
  readonly hiderOf?: (hit: Hit) => Hider | null;
}

/** What became of one hit, and why. */
export interface Outcome {
  readonly hit: Hit;
  readonly state: KeyState;
  readonly because: Exclude<DecisionReason, 'excepted'>;
  /** Of what a silence or maintenance hid. */
  readonly hider?: Hider;
}

/** Everything a run decides about its hits. `hits` = told hits + those in testing + all of `suppressed` = the sum of `reasons`. */
export interface Decision {
  /** In order: severity, newest event, key. */
  readonly told: readonly ToldHit[];
  readonly overflow: Overflow | null;
  /** Hits found, excepted rows included. */
  readonly hits: number;
  readonly toldHits: number;
  readonly suppressed: SuppressedCounts;
  readonly reasons: ReasonCounts;
  readonly rowReasons: RowReasonCounts;
  readonly outcomes: readonly Outcome[];
  /** What silences and maintenance hid; adds up to `silenced` and `maintenance` of `suppressed`. */
  readonly hidden: readonly HiddenHits[];
  /** Records to write; a store's KeyRecord has the same shape. */
  readonly keys: readonly KeyMemory[];
  readonly quiet: readonly QuietMemory[];
}
