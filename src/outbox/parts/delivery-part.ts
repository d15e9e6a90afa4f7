/** One of the parts of a target that is divided by order keys. */
export interface ShardPart {
  /** As the state calls it. */
  readonly name: string;
  /** From 0 on; of how many. */
  readonly index: number;
  readonly of: number;
}

/**
 * Which part of the deliveries a loop does, where several share them. `target`: what waits for one of them, or of that one shard. `rest`:
 * what belongs to none: targets that are not configured any more, escalations and digests.
 */
export type DeliveryPart =
  | { readonly kind: 'target'; readonly name: string; readonly shard?: ShardPart }
  | { readonly kind: 'rest' };

interface Parted {
  readonly targets: readonly { readonly name: string }[];
  /** Left out: all of it. */
  readonly part?: DeliveryPart;
}

/** Whether what waits for this target is delivered here. */
export function deliversTo({ part }: Parted, name: string): boolean {
  return part === undefined || (part.kind === 'target' && part.name === name);
}

/** The shard that is delivered here; null: it is no shard, but all of its target. */
export function shardOf({ part }: Pick<Parted, 'part'>): ShardPart | null {
  return part?.kind === 'target' ? (part.shard ?? null) : null;
}

/** Whether the health of this target is told here, be it configured or not: of one that is divided where the first shard is. */
export function tellsOf(parted: Parted, name: string): boolean {
  if (parted.part?.kind !== 'rest') return deliversTo(parted, name) && (shardOf(parted)?.index ?? 0) === 0;
  return parted.targets.every((target) => target.name !== name);
}

/** Whether what belongs to no target is done here. */
export function doesRest({ part }: Parted): boolean {
  return part?.kind !== 'target';
}

/** How who watches calls it. */
export function partName({ part }: Parted): string {
  return part?.kind === 'target' ? `deliveries to ${part.shard?.name ?? part.name}` : 'deliveries';
}
