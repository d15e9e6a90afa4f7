/** Why an entry goes to a target that its alert was not sent to at first. */
export type Detour =
  /** It waits for the target `of`, too, which takes nothing. */
  | { readonly kind: 'fallback'; readonly of: string }
  /** Nobody has acknowledged the alert within `afterMs`. */
  | { readonly kind: 'escalation'; readonly afterMs: number };

/** Entries that wait for one target and are to reach another one, too. */
export interface Diversion {
  readonly of: string;
  readonly to: string;
  /** A few hundred at most, in ascending order. */
  readonly ids: readonly number[];
  /** Epoch ms. */
  readonly at: number;
}

/** The part of the state that brings alerts to targets they were not sent to at first. */
export interface DetourStore {
  /** Ids of all pending entries of a target behind `after`, ascending. */
  waitingIds(target: string, after: number): Promise<readonly number[]>;
  /**
   * Gives the target `to` an entry of its own, under the same message id, for each of these that is pending still; returns how many were
   * added. Messages that are there already stay as they are, and a resolve goes only where something of its alert went before.
   */
  divert(diversion: Diversion): Promise<number>;
}
