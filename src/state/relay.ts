import type { ErrorCode, Problem } from '../lib/errors.ts';

/** Who is to do it: the process that has this tenant, or the one of this number. */
export type RelayTo = { readonly tenant: string } | { readonly machine: number };

/** An action that one process leaves in the state for another one. */
export interface RelayAsked {
  readonly to: RelayTo;
  readonly action: string;
  /** As JSON carries it. No action takes a secret. */
  readonly input: unknown;
  /** Who asks, for the audit of the process that does it. */
  readonly by: string;
}

export interface RelayFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly problems: readonly Problem[];
}

export type RelayAnswer = { readonly document: unknown } | { readonly failure: RelayFailure };

/** One that this process has taken, and has to answer. */
export interface TakenRelay extends RelayAsked {
  readonly id: number;
}

/** What became of one that this process has asked for. */
export type RelayOutcome =
  | { readonly kind: 'answered'; readonly answer: RelayAnswer }
  /** Nobody took it: nothing was done. */
  | { readonly kind: 'untaken' }
  /** Who took it is gone: nobody knows how far it came. */
  | { readonly kind: 'lost' };

/** Actions that processes which share the work do for each other. Each is taken once, by who has the lease of its tenant. */
export interface RelayBook {
  /** Their numbers, in the same order; all of them or none. Throws ACTION_BUSY where too many wait. */
  ask(relays: readonly RelayAsked[]): Promise<readonly number[]>;
  /** Those of these that are over; they are forgotten with that. */
  outcomes(ids: readonly number[]): Promise<ReadonlyMap<number, RelayOutcome>>;
  /** Nobody waits for them any more: what nobody has taken is not begun, and who has begun is told. */
  withdraw(ids: readonly number[]): Promise<void>;
  /** Takes what waits for this process and for these of its tenants, the oldest first. */
  take(tenants: readonly string[], limit: number): Promise<readonly TakenRelay[]>;
  /** Those that this process has taken and that somebody still waits for. */
  wanted(): Promise<ReadonlySet<number>>;
  answer(id: number, answer: RelayAnswer): Promise<void>;
}

/** A relay that nobody has taken for so long is not done any more. */
export const RELAY_PATIENCE_MS = 30_000;
