import { type LeaseName, leaseKey, type Sharing } from '../../../state/lease.ts';
import { readShard, shardNames } from '../../../state/target-shard.ts';

/**
 * What there is to be done at the moment. A target that is divided by another number than before goes on by the one before until all
 * processes have read the new one: until then some of them do not know its parts, and what those had would wait.
 */
export function partsNow(wanted: readonly LeaseName[], seen: Sharing, hash: string): readonly LeaseName[] {
  const haveAllRead = seen.sharers.every((one) => one.id === seen.self || one.hash === null || one.hash === hash);
  if (haveAllRead) return wanted;
  const inUse = divisionsInUse(seen);
  return wanted.flatMap((one) => (one.kind === 'target' ? asInUse(one, inUse) : [one]));
}

/** By target, into how many parts those divide it that deliver to it. */
function divisionsInUse({ owners }: Sharing): ReadonlyMap<string, number> {
  const names = [...owners.keys()].filter((key) => key.startsWith(TARGETS)).map((key) => key.slice(TARGETS.length));
  return new Map(names.map((name) => [readShard(name).target, readShard(name).of]));
}

const TARGETS = leaseKey({ kind: 'target', name: '' });

/** All parts in use stand in the place of the first one. */
function asInUse(one: LeaseName, inUse: ReadonlyMap<string, number>): readonly LeaseName[] {
  const { target, index, of } = readShard(one.name);
  const used = inUse.get(target) ?? of;
  if (used === of) return [one];
  return index === 0 ? shardNames(target, used).map((name) => ({ kind: one.kind, name })) : [];
}

/** Shares of one kind are fair among themselves: shards of one target, and all other targets together. */
export function groupsOf(targets: readonly LeaseName[]): readonly Group[] {
  const whole = targets.filter(({ name }) => readShard(name).of === 1);
  const divided = new Map<string, LeaseName[]>();
  for (const one of targets) {
    const { target, of } = readShard(one.name);
    if (of > 1) divided.set(target, [...(divided.get(target) ?? []), one]);
  }
  let before = 0;
  const groups: Group[] = [{ names: whole, from: null }];
  for (const names of divided.values()) {
    groups.push({ names, from: before });
    before += names.length;
  }
  return groups;
}

export interface Group {
  readonly names: readonly LeaseName[];
  /** How many shards of other targets are dealt out before these; null: it is no target that is divided. */
  readonly from: number | null;
}

/** Dealt out like cards, over all targets that are divided: each process has its part of every one, and of all of them. */
export function dealt({ names, from }: Group, place: number, of: number): readonly LeaseName[] {
  return names.filter((_, at) => ((from ?? 0) + at) % of === place);
}
