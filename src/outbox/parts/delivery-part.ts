/**
 * Which part of the deliveries a loop does, where several share them. `target`: what waits for one of them. `rest`: what belongs to none:
 * targets that are not configured any more, escalations and digests.
 */
export type DeliveryPart = { readonly kind: 'target'; readonly name: string } | { readonly kind: 'rest' };

interface Parted {
  readonly targets: readonly { readonly name: string }[];
  /** Left out: all of it. */
  readonly part?: DeliveryPart;
}

/** Whether what waits for this target is delivered here. */
export function deliversTo({ part }: Parted, name: string): boolean {
  return part === undefined || (part.kind === 'target' && part.name === name);
}

/** Whether the health of this target is told here, be it configured or not. */
export function tellsOf(parted: Parted, name: string): boolean {
  if (parted.part?.kind !== 'rest') return deliversTo(parted, name);
  return parted.targets.every((target) => target.name !== name);
}

/** Whether what belongs to no target is done here. */
export function doesRest({ part }: Parted): boolean {
  return part?.kind !== 'target';
}

/** How who watches calls it. */
export function partName({ part }: Parted): string {
  return part?.kind === 'target' ? `deliveries to ${part.name}` : 'deliveries';
}
