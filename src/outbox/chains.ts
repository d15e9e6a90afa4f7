import type { OutboxEntry } from '../state/outbox-store.ts';

/** The entries of order keys that are held for a target which takes them one behind another (`keepsOrder`). */
export interface Chains {
  /** The last held entry of each order key that may be followed. */
  readonly tails: ReadonlySet<number>;
  /** How far the store was looked through for what follows; 0: from the beginning. */
  lookedTo: number;
  /** Whether something that may follow later was passed over on the way there. */
  passedOver: boolean;
  /** Holds the first pending entry of an order key. */
  begin(entry: OutboxEntry): void;
  /** Holds an entry that stands right behind a tail. */
  follow(entry: OutboxEntry): void;
  /** The entry is held no more. */
  release(id: number): void;
  /** The entry was not taken: nothing behind it may go out before it was. */
  cut(id: number): void;
  isCut(id: number): boolean;
}

interface Chain {
  readonly orderKey: string;
  /** Of its entries that are held. */
  held: number;
  last: number;
  isCut: boolean;
}

interface State {
  readonly byKey: Map<string, Chain>;
  readonly byId: Map<number, Chain>;
  readonly tails: Set<number>;
}

export function createChains(): Chains {
  const state: State = { byKey: new Map(), byId: new Map(), tails: new Set() };
  const { byKey, byId, tails } = state;
  const chains: Chains = {
    tails,
    lookedTo: 0,
    passedOver: false,
    // Of one before it that was cut only results are left, which are not stored yet.
    begin: ({ id, orderKey }) => join(state, makeChain(state, orderKey, false), id),
    follow: ({ id, orderKey }) => join(state, byKey.get(orderKey) ?? makeChain(state, orderKey, true), id),
    release: (id) => {
      const chain = byId.get(id);
      if (!chain) return;
      byId.delete(id);
      chain.held -= 1;
      if (chain.held === 0) end(state, chain);
    },
    cut: (id) => {
      const chain = byId.get(id);
      if (!chain) return;
      chain.isCut = true;
      tails.delete(chain.last);
      chains.lookedTo = 0;
    },
    isCut: (id) => byId.get(id)?.isCut ?? false,
  };
  return chains;
}

function makeChain(state: State, orderKey: string, isCut: boolean): Chain {
  const before = state.byKey.get(orderKey);
  if (before) end(state, before);
  const chain = { orderKey, held: 0, last: 0, isCut };
  state.byKey.set(orderKey, chain);
  return chain;
}

function join({ byId, tails }: State, chain: Chain, id: number): void {
  byId.set(id, chain);
  chain.held += 1;
  tails.delete(chain.last);
  chain.last = id;
  if (!chain.isCut) tails.add(id);
}

function end({ byKey, tails }: State, chain: Chain): void {
  tails.delete(chain.last);
  if (byKey.get(chain.orderKey) === chain) byKey.delete(chain.orderKey);
}
