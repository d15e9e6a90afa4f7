import { describe, expect, it } from '@jest/globals';
import { createShare } from '../../../src/cli/run/leases/keep-share.ts';
import { isBehind, planShare } from '../../../src/cli/run/leases/plan-share.ts';
import { partsNow } from '../../../src/cli/run/leases/plan-targets.ts';
import { createManualClock } from '../../../src/lib/clock.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { type Lease, type LeaseBook, type LeaseName, leaseKey, type Sharer } from '../../../src/state/lease.ts';
import type { RelayBook } from '../../../src/state/relay.ts';
import type { Store } from '../../../src/state/store.ts';
import { readShard, shardName, shardNames } from '../../../src/state/target-shard.ts';

const names = (kind: LeaseName['kind'], many: number): LeaseName[] =>
  Array.from({ length: many }, (_, at) => ({ kind, name: `${kind}${at}` }));
const sharer = (id: number, hash: string | null = 'h', hashAt = 1): Sharer => ({
  id,
  hash,
  hashAt,
  machine: `m${id}`,
  pid: id,
});
const owned = (owners: Readonly<Record<string, number>>): ReadonlyMap<string, number> =>
  new Map(Object.entries(owners));

describe('a share of the work', () => {
  const wanted = [...names('tenant', 5), ...names('chores', 1)];

  it('is all of it where nobody else is there, and of each kind a part, rounded up, where others are', () => {
    const alone = { self: 1, sharers: [sharer(1)], owners: owned({}) };
    expect(planShare({ seen: alone, wanted, mine: [] }).take).toHaveLength(6);
    const three = { ...alone, sharers: [sharer(1), sharer(2), sharer(3)] };
    const takes = [1, 2, 3].map((self) => planShare({ seen: { ...three, self }, wanted, mine: [] }).take);
    expect(takes.map((take) => take.filter(({ kind }) => kind === 'tenant').length)).toEqual([2, 2, 2]);
    expect(new Set(takes.flat().map(leaseKey)).size).toBe(6);
    const mine = names('tenant', 5);
    expect(planShare({ seen: three, wanted, mine }).giveBack).toEqual(mine.slice(2));
  });

  it('leaves out what others have, and takes what those had that are gone', () => {
    const seen = {
      self: 1,
      sharers: [sharer(1), sharer(2)],
      owners: owned({ 'tenant:tenant0': 2, 'tenant:tenant1': 2 }),
    };
    const mine = [{ kind: 'tenant', name: 'tenant2' }] as const;
    const { take } = planShare({ seen, wanted: names('tenant', 5), mine });
    expect(take.map(({ name }) => name).sort()).toEqual(['tenant3', 'tenant4']);
  });

  it('is nothing for who does not take part yet, and nothing new for who runs by what is older', () => {
    const starting = { self: 1, sharers: [sharer(1, null)], owners: owned({}) };
    expect(planShare({ seen: starting, wanted, mine: [] })).toEqual({ take: [], giveBack: [] });
    const sharers = [sharer(1, 'old', 1), sharer(2, 'new', 2)];
    const older = { self: 1, sharers, owners: owned({}) };
    expect(planShare({ seen: older, wanted, mine: [] })).toEqual({ take: [], giveBack: [] });
    // It leaves half of what it has, and the newer one takes all that is free.
    const mine = names('tenant', 5);
    expect(planShare({ seen: older, wanted, mine }).giveBack).toEqual(mine.slice(3));
    // What is not configured any more must be decided by who has read it.
    const chores = names('chores', 1);
    expect(planShare({ seen: older, wanted, mine: chores }).giveBack).toEqual(chores);
    expect([1, 2].map((self) => isBehind({ ...older, self }))).toEqual([true, false]);
    expect(planShare({ seen: { ...older, self: 2 }, wanted, mine: [] }).take).toHaveLength(6);
  });

  it('is given back where it is not configured any more', () => {
    const seen = { self: 1, sharers: [sharer(1)], owners: owned({}) };
    const mine = names('tenant', 2);
    expect(planShare({ seen, wanted: mine.slice(1), mine }).giveBack).toEqual(mine.slice(0, 1));
  });
});

describe('shards in a share of the work', () => {
  const shards = (target: string, of: number): LeaseName[] =>
    shardNames(target, of).map((name) => ({ kind: 'target', name }));

  it('are dealt out over all targets that are divided: each process has its part of every one, and of all', () => {
    const wanted = [...shards('soar', 4), ...shards('siem', 3), ...shards('lake', 3), ...shards('mail', 1)];
    const sharers = [1, 2, 3].map((id) => sharer(id));
    const takes = [1, 2, 3].map(
      (self) => planShare({ seen: { self, sharers, owners: owned({}) }, wanted, mine: [] }).take,
    );
    const divided = takes.map((take) => take.map(({ name }) => readShard(name)).filter(({ of }) => of > 1));
    expect(divided.map(({ length }) => length).sort()).toEqual([3, 3, 4]);
    for (const target of ['soar', 'siem', 'lake'])
      for (const own of divided) expect([1, 2]).toContain(own.filter((one) => one.target === target).length);
    expect(new Set(divided.flat().map(shardName)).size).toBe(10);
    const alone = { self: 1, sharers: sharers.slice(0, 1), owners: owned({}) };
    expect(planShare({ seen: alone, wanted, mine: [] }).take).toHaveLength(11);
    // All of it was had by one.
    const { giveBack } = planShare({ seen: { self: 1, sharers, owners: owned({}) }, wanted, mine: wanted });
    expect(giveBack).toHaveLength(6);
  });

  it('go on by the number that is in use until all processes have read another', () => {
    const sharers = [sharer(1, 'old', 1), sharer(2, 'new', 2)];
    const owners = owned({ 'target:soar#0/2': 1, 'tenant:t': 1 });
    const wanted = [...shards('mail', 1), ...shards('soar', 3), ...names('tenant', 1)];
    const seen = { self: 2, sharers, owners };
    expect(partsNow(wanted, seen, 'new').map(({ name }) => name)).toEqual(['mail', 'soar#0/2', 'soar#1/2', 'tenant0']);
    expect(partsNow(wanted, { ...seen, sharers: [sharer(1, 'new', 3), sharer(2, 'new', 2)] }, 'new')).toEqual(wanted);
    // It takes what the others do not have; once all have read it, nobody keeps one by the number before.
    const now = partsNow(wanted, seen, 'new');
    expect(planShare({ seen, wanted: now, mine: [] }).take.map(leaseKey)).toContain('target:soar#1/2');
    const mine = shards('soar', 2);
    expect(planShare({ seen: { ...seen, owners: owned({}) }, wanted, mine }).giveBack).toEqual(mine);
  });
});

/** Nobody asks. */
const NO_RELAYS: RelayBook = {
  ask: async () => [],
  outcomes: async () => new Map(),
  withdraw: async () => undefined,
  take: async () => [],
  wanted: async () => new Set(),
  answer: async () => undefined,
};

/** Leases in memory; `machines` says who is there. */
function bookOf(owners: Map<string, number>, self: number, machines: Set<number>): LeaseBook {
  const book: LeaseBook = {
    isHeard: () => true,
    relays: NO_RELAYS,
    refusals: { note: async () => undefined, list: async () => [] },
    takePart: async () => void machines.add(self),
    look: async () => ({ self, sharers: [...machines].map((id) => sharer(id)), owners }),
    holder: () => null,
    take: async (name) => {
      if (owners.has(leaseKey(name))) return null;
      owners.set(leaseKey(name), self);
      return { ...name, fence: 1, store: {} as Store };
    },
    takeTenants: async (wanted) => {
      const taken = await Promise.all(wanted.map((name) => book.take({ kind: 'tenant', name })));
      return taken.filter((lease) => lease !== null);
    },
    giveBack: async (name) => void owners.delete(leaseKey(name)),
    wake: () => undefined,
    listen: () => () => undefined,
  };
  return book;
}

describe('work under leases', () => {
  const clock = createManualClock(0);
  const untilEnd = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve());
    });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  };

  function shareOf(owners: Map<string, number>, self: number, machines: Set<number>, fault: Error | null = null) {
    const book = bookOf(owners, self, machines);
    /** What comes of giving back, in turn; then all is well. */
    const refusals: Error[] = [];
    const giveBack: LeaseBook['giveBack'] = async (name) => {
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      await book.giveBack(name);
    };
    const stop = new AbortController();
    const doing = new Set<string>();
    const work = async (lease: Lease, { stop: end, handOver }: { stop: AbortSignal; handOver: AbortSignal }) => {
      doing.add(lease.name);
      if (fault) throw fault;
      await Promise.race([untilEnd(end), untilEnd(handOver)]);
      doing.delete(lease.name);
    };
    let wanted: readonly LeaseName[] = names('tenant', 4);
    const share = createShare({
      book: { ...book, giveBack },
      wanted: () => wanted,
      hash: () => 'h',
      isCurrent: () => true,
      work,
      clock,
      log: silentLog,
      signal: stop.signal,
      stop: () => stop.abort(),
    });
    const want = (next: readonly LeaseName[]): void => {
      wanted = next;
    };
    return { share, stop, doing, want, refusals };
  }

  it('is handed over when another comes, and taken over when it goes', async () => {
    const [owners, machines] = [new Map<string, number>(), new Set<number>()];
    const [one, other] = [shareOf(owners, 1, machines), shareOf(owners, 2, machines)];
    const running = one.share.run();
    await settle();
    expect([...one.doing]).toHaveLength(4);
    const beside = other.share.run();
    for (let look = 0; look < 3; look += 1) {
      await clock.advance(500);
      await settle();
    }
    expect([one.doing.size, other.doing.size]).toEqual([2, 2]);
    expect([...one.doing].filter((name) => other.doing.has(name))).toEqual([]);
    other.stop.abort();
    await beside;
    machines.delete(2);
    await clock.advance(500);
    await settle();
    expect(one.doing.size).toBe(4);
    one.want(names('tenant', 1));
    await one.share.follow();
    expect([...one.doing]).toEqual(['tenant0']);
    one.stop.abort();
    await running;
    expect(owners.size).toBe(0);
  });

  it('that fails ends everything, and gives back what it had', async () => {
    const owners = new Map<string, number>();
    const { share } = shareOf(owners, 1, new Set(), new Error('as told'));
    await expect(share.run()).rejects.toThrow('as told');
    expect(owners.size).toBe(0);
  });

  const busy = (): Error => new HuntwireError('STATE_BUSY', 'too many statements', { retryable: true });

  it('is given back again where only a statement failed', async () => {
    const owners = new Map<string, number>();
    const { share, stop, want, refusals } = shareOf(owners, 1, new Set());
    const running = share.run();
    await settle();
    refusals.push(busy(), busy());
    want(names('tenant', 3));
    const followed = share.follow();
    for (let look = 0; look < 2; look += 1) {
      await settle();
      expect(owners.size).toBe(4);
      await clock.advance(500);
    }
    await followed;
    expect([...owners.keys()]).toEqual(['tenant:tenant0', 'tenant:tenant1', 'tenant:tenant2']);
    stop.abort();
    await running;
  });

  it.each([
    ['again and again', [busy(), busy(), busy()]],
    ['for good', [new HuntwireError('STATE_FAILED', 'no such table')]],
  ])('ends the process where it cannot be given back %s, so that another can take it', async (_, thrown) => {
    const { share, stop, want, refusals } = shareOf(new Map(), 1, new Set());
    const ended = expect(share.run()).rejects.toBe(thrown.at(-1));
    await settle();
    refusals.push(...thrown);
    want(names('tenant', 3));
    const followed = share.follow();
    for (let look = 0; look < 2; look += 1) {
      await settle();
      await clock.advance(500);
    }
    await followed;
    expect(stop.signal.aborted).toBe(true);
    await ended;
  });

  it('is not given back where the session is lost', async () => {
    const { share, stop, want, refusals } = shareOf(new Map(), 1, new Set());
    const running = share.run();
    await settle();
    refusals.push(new HuntwireError('STATE_FENCED', 'another took over'));
    want(names('tenant', 3));
    await share.follow();
    expect(stop.signal.aborted).toBe(false);
    stop.abort();
    await running;
  });
});
