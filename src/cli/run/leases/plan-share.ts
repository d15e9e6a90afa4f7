import { type LeaseKind, type LeaseName, leaseKey, type Sharer, type Sharing } from '../../../state/lease.ts';
import { dealt, type Group, groupsOf } from './plan-targets.ts';

export interface ShareInput {
  readonly seen: Sharing;
  /** All parts of the work, as this process is configured. */
  readonly wanted: readonly LeaseName[];
  /** What it has, less what it is giving back. */
  readonly mine: readonly LeaseName[];
}

export interface Share {
  readonly take: readonly LeaseName[];
  readonly giveBack: readonly LeaseName[];
}

const KINDS: readonly LeaseKind[] = ['chores', 'tenant'];

/** Whether another process has read since what this one runs by, and it was something else. */
export function isBehind({ sharers, self }: Sharing): boolean {
  const own = sharers.find(({ id }) => id === self);
  return own !== undefined && own.hash !== null && sharers.some((one) => isNewer(one, own));
}

/** What a process takes, and what it gives back for others: of each kind of work no more than its part, rounded up; of shards no more than are dealt to it. */
export function planShare(input: ShareInput): Share {
  const gone = input.mine.filter((one) => !has(input.wanted, one));
  const ofKind = (kind: LeaseKind): readonly LeaseName[] => input.wanted.filter((one) => one.kind === kind);
  const groups = [...KINDS.map((kind) => ({ names: ofKind(kind), from: null })), ...groupsOf(ofKind('target'))];
  const parts = groups.map((group) => shareOf(group, input));
  return { take: parts.flatMap(({ take }) => take), giveBack: [...gone, ...parts.flatMap(({ giveBack }) => giveBack)] };
}

function shareOf(group: Group, { seen, mine: held }: ShareInput): Share {
  const { names: wanted } = group;
  const self = seen.sharers.find(({ id }) => id === seen.self);
  if (!self || self.hash === null) return { take: [], giveBack: [] };
  const able = seen.sharers.filter((one) => mayTakeFrom(self, one));
  // What others have read since is newer: they go on with it, and decide at once what is not configured any more.
  const isNewest = seen.sharers.every((one) => !isNewer(one, self));
  const { most, first } = partOf(group, able.indexOf(self), able.length);
  const allowed = !isNewest && wanted.some(({ kind }) => kind === 'chores') ? 0 : most;
  const mine = firstOnes(
    held.filter((one) => has(wanted, one)),
    first,
  );
  if (mine.length > allowed) return { take: [], giveBack: mine.slice(allowed) };
  if (!isNewest) return { take: [], giveBack: [] };
  const free = wanted.filter((one) => !seen.owners.has(leaseKey(one)) && !has(mine, one));
  return {
    take: inTurn(group, free, able.indexOf(self) / able.length, first).slice(0, allowed - mine.length),
    giveBack: [],
  };
}

interface Part {
  readonly most: number;
  /** What it takes before anything else. */
  readonly first: readonly LeaseName[];
}

function partOf(group: Group, place: number, of: number): Part {
  if (group.from === null) return { most: Math.ceil(group.names.length / of), first: [] };
  const first = dealt(group, place, of);
  return { most: first.length, first };
}

/** Each begins at another place, so that they do not all try the same one. */
function inTurn(
  { from }: Group,
  free: readonly LeaseName[],
  begin: number,
  first: readonly LeaseName[],
): readonly LeaseName[] {
  if (from !== null) return firstOnes(free, first);
  const at = Math.floor(begin * free.length);
  return [...free.slice(at), ...free.slice(0, at)];
}

function firstOnes(names: readonly LeaseName[], first: readonly LeaseName[]): readonly LeaseName[] {
  return [...names.filter((one) => has(first, one)), ...names.filter((one) => !has(first, one))];
}

/** Whether `other` does its part of what `self` may do: it takes part, and by nothing older. */
function mayTakeFrom(self: Sharer, other: Sharer): boolean {
  if (other.hash === null) return false;
  return other.hash === self.hash || isNewer(other, self);
}

/** By something else that was read later; of two that were read at once, one is taken for the newer. */
function isNewer(one: Sharer, than: Sharer): boolean {
  if (one.hash === null || one.hash === than.hash) return false;
  const [at, other] = [one.hashAt ?? 0, than.hashAt ?? 0];
  return at === other ? one.id > than.id : at > other;
}

function has(names: readonly LeaseName[], one: LeaseName): boolean {
  return names.some(({ kind, name }) => kind === one.kind && name === one.name);
}
