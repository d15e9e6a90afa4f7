/** Asks for what stands behind entries that are held. Looks at `limit` of those that wait behind others, from behind the id `after` on. */
export interface SuccessorQuery {
  readonly now: number;
  readonly limit: number;
  readonly after: number;
  readonly held: ReadonlySet<number>;
  /** The last held entry of each order key that may be followed. */
  readonly tails: ReadonlySet<number>;
  readonly ignoreBackoff: boolean;
}

export interface Successors<Entry> {
  /** Each stands right behind a tail, or behind another of these; oldest first. All are due, unless that was not to matter. */
  readonly entries: readonly Entry[];
  /** How far it was looked, and whether there is more behind that. */
  readonly lookedTo: number;
  readonly hasMore: boolean;
  /** Whether some were passed over that are not held. */
  readonly passedOver: boolean;
}
