import { HuntwireError } from '../lib/errors.ts';
import { createDeliveryLoop, type DeliveryLoop } from '../outbox/delivery-loop.ts';
import type { DeliveryPart } from '../outbox/parts/delivery-part.ts';
import { createRenewedLoop } from '../outbox/renewed-loop.ts';
import type { AskedTenant } from '../run/desk/errands.ts';
import type { RunDeps } from '../run/tenant.ts';
import type { Lease, LeaseBook, LeaseName } from '../state/lease.ts';
import type { Store } from '../state/store.ts';
import { type Generation, holdTenant } from './generation.ts';
import { createLoopSet, type LoopSet } from './loop-set.ts';
import { deliveryOptions, runDeps, type StayingParts } from './run-deps.ts';
import { deliveryPart, targetParts } from './target-parts.ts';
import { createVoice, type Voice } from './voice.ts';
import { workHash } from './work-hash.ts';

/** A tenant that is run here. */
export interface HeldTenant {
  readonly tenant: AskedTenant;
  readonly runs: RunDeps;
  leave(): Promise<void>;
}

/** What is done by one process only. */
export interface Charge {
  readonly runs: RunDeps;
  readonly deliveries: DeliveryLoop;
  leave(): Promise<void>;
}

/** An app whose state other processes run on, too: each does those parts of the work whose leases it has. */
export interface LeasedParts {
  readonly book: LeaseBook;
  /** All parts of the work there are, as it is configured at the moment. */
  names(): readonly LeaseName[];
  /** Tells apart what processes run by. */
  hash(): string;
  /** The tenant with a meter and a clock of its own, as the state knows them now. */
  hold(lease: Lease): Promise<HeldTenant>;
  /** Whether what is held is made of what is configured at the moment. */
  isCurrent(name: LeaseName): boolean;
  deliver(lease: Lease, signal: AbortSignal): Promise<void>;
  takeCharge(lease: Lease): Promise<Charge>;
}

export interface LeasedDeps {
  readonly book: LeaseBook;
  readonly present: () => Generation;
  readonly staying: StayingParts;
  /** Gives alerts what they have in every store of this app. */
  readonly dress: (store: Store) => Store;
  readonly loops: LoopSet;
  readonly voice: Voice;
  readonly held: HeldParts;
}

/** What this process has at the moment. */
export interface HeldParts {
  readonly tenants: Map<string, { readonly tenant: AskedTenant; readonly of: AskedTenant }>;
  charge: RunDeps | null;
}

/** What the parts of this process have in common. */
export function openShare(book: LeaseBook) {
  const held: HeldParts = { tenants: new Map(), charge: null };
  return { book, loops: createLoopSet(book), voice: createVoice(), held };
}

export function createLeasedParts(deps: LeasedDeps): LeasedParts {
  const { book, present, held } = deps;
  return {
    book,
    names: () => namesOf(present()),
    hash: () => workHash(present()),
    hold: (lease) => hold(lease, deps),
    isCurrent: ({ kind, name }) => kind !== 'tenant' || held.tenants.get(name)?.of === ownOf(present(), name)?.tenant,
    deliver: (lease, signal) => {
      const loop = loopOf(deliveryPart(lease.name), lease, deps);
      return loop.run(signal).finally(() => deps.loops.remove(loop));
    },
    takeCharge: (lease) => takeCharge(lease, deps),
  };
}

function namesOf({ tenants, targets }: Generation): readonly LeaseName[] {
  return [
    { kind: 'chores', name: 'chores' },
    ...tenants.map(({ config: { name } }) => ({ kind: 'tenant', name }) as const),
    ...targetParts(targets).map((name) => ({ kind: 'target', name }) as const),
  ];
}

function ownOf({ tenants }: Generation, name: string): Generation['tenants'][number] | undefined {
  return tenants.find(({ config }) => config.name === name);
}

async function hold({ name, store: kept }: Lease, deps: LeasedDeps): Promise<HeldTenant> {
  const { present, staying, held } = deps;
  const own = ownOf(present(), name);
  if (!own)
    throw new HuntwireError('INTERNAL', `Tenant ${name} was taken away while its lease was taken; report this.`);
  const store = deps.dress(kept);
  const tenant = await holdTenant(own, { store, host: staying.host });
  held.tenants.set(name, { tenant, of: own.tenant });
  const leave = async (): Promise<void> => {
    held.tenants.delete(name);
    await tenant.source.close();
  };
  return { tenant, runs: runDeps(present, { ...staying, store }, deps.loops), leave };
}

function loopOf(part: DeliveryPart, { store: kept }: Pick<Lease, 'store'>, deps: LeasedDeps) {
  const { present, staying, loops, dress } = deps;
  const store = dress(kept);
  const others = { wakeOthers: loops.poke, mayBegin: deps.book.isHeard };
  const loop = createRenewedLoop(() =>
    createDeliveryLoop({ ...deliveryOptions(present, { ...staying, store }), part, ...others }),
  );
  loops.add(loop);
  return loop;
}

async function takeCharge(lease: Lease, deps: LeasedDeps): Promise<Charge> {
  const { present, staying, loops, voice, held } = deps;
  const store = deps.dress(lease.store);
  const deliveries = loopOf({ kind: 'rest' }, lease, deps);
  await voice.speak(store);
  const runs = runDeps(present, { ...staying, store }, loops);
  held.charge = runs;
  return {
    runs,
    deliveries,
    leave: async () => {
      held.charge = null;
      loops.remove(deliveries);
      await voice.fallSilent(staying.host.clock.now());
    },
  };
}
