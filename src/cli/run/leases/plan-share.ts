import { type LeaseKind, type LeaseName, leaseKey, type Sharer, type Sharing } from '../../../state/lease.ts';

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

const KINDS: readonly LeaseKind[] = ['chores', 'tenant', 'target'];

/** Whether another process has read since what this one runs by, and it was something else. */
export function isBehind({ sharers, self }: Sharing): boolean {
  const own = sharers.find(({ id }) => id === self);
  return own !== undefined && own.hash !== null && sharers.some((one) => isNewer(one, own));
}

/** What a process takes, and what it gives back for others: of each kind of work no more than its part, rounded up. */
export function planShare(input: ShareInput): Share {
  const gone = input.mine.filter((one) => !has(input.wanted, one));
  const parts = KINDS.map((kind) => shareOfKind(kind, input));
  return { take: parts.flatMap(({ take }) => take), giveBack: [...gone, ...parts.flatMap(({ giveBack }) => giveBack)] };
}

function shareOfKind(kind: LeaseKind, { seen, wanted: all, mine: held }: ShareInput): Share {
  const wanted = all.filter((one) => one.kind === kind);
  const mine = held.filter((one) => one.kind === kind && has(wanted, one));
  const self = seen.sharers.find(({ id }) => id === seen.self);
  if (!self || self.hash === null) return { take: [], giveBack: [] };
  const able = seen.sharers.filter((one) => mayTakeFrom(self, one));
  // What others have read since is newer: they go on with it, and decide at once what is not configured any more.
  const isNewest = seen.sharers.every((one) => !isNewer(one, self));
  const most = !isNewest && kind === 'chores' ? 0 : Math.ceil(wanted.length / able.length);
  if (mine.length > most) return { take: [], giveBack: mine.slice(most) };
  if (!isNewest) return { take: [], giveBack: [] };
  const free = wanted.filter((one) => !seen.owners.has(leaseKey(one)) && !has(mine, one));
  // Each begins at another place, so that they do not all try the same one.
  const from = Math.floor((able.indexOf(self) / able.length) * free.length);
  const inTurn = [...free.slice(from), ...free.slice(0, from)];
  return { take: inTurn.slice(0, most - mine.length), giveBack: [] };
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
