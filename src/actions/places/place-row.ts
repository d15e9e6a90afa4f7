import type { ThrottleCause } from '../../sources/source.ts';

/** How a tenant stands; times are ISO texts. */
export interface TenantRow {
  readonly tenant: string;
  readonly api: string;
  /** Why it cannot be asked as it is configured, as the runner has told; null: it has not told so. */
  readonly blocked: string | null;
  readonly pausedUntil: string | null;
  readonly calls: number;
  readonly runSeconds: number;
  /** Why the tenant is slowed down since the service last refused for its quota: who used it up; null: it is not. */
  readonly slowedBy: ThrottleCause | null;
  /** Which share of the limits of calls it uses for now, above 0 to 1. */
  readonly pace: number;
  /** Until when rules of low severity and what catches up do not go; null: they do. */
  readonly lowHeldUntil: string | null;
  /** What this machine's clock is ahead of the service's; times are shown less it. */
  readonly skewSeconds: number;
}

/** How a target stands. */
export interface TargetRow {
  readonly target: string;
  /** `retrying`: what waits was tried and not taken; `failing`: its newest alert became a dead letter; `unused`: nothing was ever handed to it. */
  readonly state: 'ok' | 'retrying' | 'failing' | 'blocked' | 'removed' | 'unused';
  readonly pending: number;
  readonly oldestAt: string | null;
  readonly dead: number;
  /** Alerts that wait for the next digest; they are not in `pending`. */
  readonly inDigest: number;
  /** `open`: nothing goes out; `half-open`: one alert does, to see whether it is taken. */
  readonly circuit: 'closed' | 'open' | 'half-open';
  /** Who stands in for it, and whether that one does now; null: nobody. */
  readonly fallback: { readonly target: string; readonly active: boolean } | null;
  readonly blockedSince: string | null;
  readonly attempts: number;
  /** Why what waits, or the newest alert, was not taken. */
  readonly reason: string | null;
}

/** The same, as far as is known at once; `unread`: nobody has looked yet whether anything was handed to it. */
export interface TargetSeen extends Omit<TargetRow, 'state'> {
  readonly state: TargetRow['state'] | 'unread';
}

/** An open health condition. */
export interface HealthRow {
  readonly tenant: string;
  readonly code: string;
  readonly subject: string;
  readonly since: string;
}
