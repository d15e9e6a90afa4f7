import type { RelayBook } from './relay.ts';
import type { Store } from './store.ts';

/** `tenant`: its runs and its quota; `target`: what is delivered to it; `chores`: all that there is once. */
export type LeaseKind = 'tenant' | 'target' | 'chores';

/** A part of the work, which one process does at a time. */
export interface LeaseName {
  readonly kind: LeaseKind;
  readonly name: string;
}

/** A lease that was taken. */
export interface HeldLease extends LeaseName {
  /** It grows each time that the lease is taken. */
  readonly fence: number;
}

/** The right to do a part of the work, until the session of the process is lost. */
export interface Lease extends HeldLease {
  /** The state as this lease writes it: what is written under an older fence is refused. */
  readonly store: Store;
}

/** A process as people know it. */
export interface LeaseHolder {
  /** Host name. */
  readonly machine: string;
  readonly pid: number;
}

/** A process that takes part. */
export interface Sharer extends LeaseHolder {
  readonly id: number;
  /** What it runs by, and when it read that, epoch ms of the database's clock; null: it does not take part yet. */
  readonly hash: string | null;
  readonly hashAt: number | null;
}

/** A process that runs on by what it had, because what it read again is wrong. */
export interface ReloadRefusal extends LeaseHolder {
  readonly text: string;
}

/** Who is there, and who has what. */
export interface Sharing {
  readonly self: number;
  readonly sharers: readonly Sharer[];
  /** The owner of each lease that somebody has; those of a process that is gone are nobody's. */
  readonly owners: ReadonlyMap<string, number>;
}

/** `outbox`: there is something to deliver; `leases`: some are free, or somebody came or went; `relays`: one was asked, answered or withdrawn. */
export type WakeReason = 'outbox' | 'leases' | 'relays';

/** The leases of a state that several processes share, as one of them deals with them. */
export interface LeaseBook {
  /**
   * Whether the database has answered within the last seconds. A process that was frozen finds that it has not before it hears that others
   * have taken over: it must begin nothing then.
   */
  isHeard(): boolean;
  /** From now on this process takes part; `hash` tells what it runs by. */
  takePart(hash: string): Promise<void>;
  /** On the way, whoever says nothing any more is ended. */
  look(): Promise<Sharing>;
  /** Who had a lease when this process looked last; null: nobody, or itself. */
  holder(name: LeaseName): LeaseHolder | null;
  /** Null: another has it. */
  take(name: LeaseName): Promise<Lease | null>;
  /** Those of these that no other process has, all in one turn. */
  takeTenants(names: readonly string[]): Promise<readonly Lease[]>;
  giveBack(name: LeaseName): Promise<void>;
  /** Which processes refused what they read again, and why. */
  readonly refusals: {
    note(text: string | null): Promise<void>;
    list(): Promise<readonly ReloadRefusal[]>;
  };
  /** What processes do for each other. */
  readonly relays: RelayBook;
  /** Tells the other processes, soon; nothing is lost where they do not hear it. */
  wake(reason: WakeReason): void;
  listen(listener: (reason: WakeReason) => void): () => void;
}

export function leaseKey({ kind, name }: LeaseName): string {
  return `${kind}:${name}`;
}
