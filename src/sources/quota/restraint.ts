import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { ThrottleTold } from '../../lib/errors.ts';
import type { QuotaLimits, StoredRestraint, ThrottleCause } from '../source.ts';
import { LANES, type Lane } from './lanes.ts';

/** What a 429 leaves behind beside its pause. Times are monotonic ms. */
export interface Restraint {
  /** Null: there was no 429. */
  readonly cause: ThrottleCause | null;
  /** Until then low lanes do not go. */
  readonly heldUntil: number;
  readonly pace: number;
  readonly ceiling: number;
  /** When pace and ceiling were so. */
  readonly at: number;
}

export const UNRESTRAINED: Restraint = {
  cause: null,
  heldUntil: Number.NEGATIVE_INFINITY,
  pace: 1,
  ceiling: 1,
  at: Number.NEGATIVE_INFINITY,
};

/** In cycles of so long the services count what queries take to process. */
export const CYCLE_MS = 15 * MINUTE_MS;
const SLOWER = 0.5;
const SLOWEST = 0.1;
const RECOVERY_PER_MINUTE = 0.05;
/** For so long it is believed that the tenant may do less than we were told. */
const CEILING_MS = DAY_MS;
/** Of what the service allows, so much is ours: as of 40 of 45. */
const ROOM = 40 / 45;
/** What every tenant may do at least. */
const AT_LEAST = [
  { calls: 45, periodMs: MINUTE_MS },
  { calls: 1500, periodMs: HOUR_MS },
] as const;

/** Which share of the limits of calls may be used at `now`: it grows back by a twentieth of the limit a minute. */
export function paceAt({ pace, ceiling, at }: Restraint, now: number): number {
  const sinceMs = now - at;
  const top = sinceMs < CEILING_MS ? ceiling : 1;
  return Math.min(top, pace + (Math.max(0, sinceMs) / MINUTE_MS) * RECOVERY_PER_MINUTE);
}

/** Lanes that wait for the next cycle where processing time is short: the high ones have what is left of it. */
export function isLowLane(lane: Lane): boolean {
  return LANES.indexOf(lane) >= LANES.indexOf('low');
}

export interface Throttled {
  readonly told: ThrottleTold | null;
  /** Monotonic ms. */
  readonly now: number;
  /** Epoch ms of the service's clock; null: not known. */
  readonly serviceNow: number | null;
  /** Whether a pause of an earlier 429 still holds: calls that were under way then say nothing new. */
  readonly wasPaused: boolean;
  readonly limits: QuotaLimits;
  /** Our calls in a period until now, without the one that was refused. */
  readonly own: (periodMs: number) => number;
}

/** What holds behind a 429. For calls the pace is halved, for processing time low lanes wait for the next cycle. Pure. */
export function restrainedBy(before: Restraint, throttled: Throttled): Restraint {
  const { told, now, serviceNow, wasPaused } = throttled;
  if (told?.of === 'processing') {
    const cycleMs = serviceNow === null ? CYCLE_MS : CYCLE_MS - (serviceNow % CYCLE_MS);
    return { ...before, cause: 'processing', heldUntil: Math.max(before.heldUntil, now + cycleMs) };
  }
  const pace = paceAt(before, now);
  const ceiling = Math.min(paceAt({ ...before, pace: 1 }, now), ceilingOf(throttled));
  const slower = wasPaused ? pace : Math.max(SLOWEST, pace * SLOWER);
  return { ...before, cause: causeOf(throttled), pace: Math.min(slower, ceiling), ceiling, at: now };
}

/** Whatever a tenant is allowed: where we made less calls than that, others made the rest. */
function causeOf({ told, own }: Throttled): ThrottleCause {
  const allowed = told?.allowed ? [told.allowed] : AT_LEAST;
  return allowed.every(({ calls, periodMs }) => own(periodMs) < calls) ? 'others' : 'calls';
}

/** A tenant that is allowed less than we plan with. */
function ceilingOf({ told, limits }: Throttled): number {
  if (!told?.allowed) return 1;
  const { calls, periodMs } = told.allowed;
  const planned = periodMs === MINUTE_MS ? limits.callsPerMinute : periodMs === HOUR_MS ? limits.callsPerHour : null;
  return planned === null ? 1 : Math.min(1, Math.max(SLOWEST, (calls * ROOM) / planned));
}

/** As it is stored at `writtenAt`, which is `now`. */
export function storedRestraint(restraint: Restraint, now: number, writtenAt: number): StoredRestraint | null {
  const { cause, heldUntil } = restraint;
  if (cause === null) return null;
  const ceiling = paceAt({ ...restraint, pace: 1 }, now);
  return { cause, heldMs: Math.max(0, heldUntil - now), pace: paceAt(restraint, now), ceiling, writtenAt };
}

/**
 * What is left at `now` of what another process, or an earlier one, has stored. `service` is its time now, epoch ms: a clock that was
 * wrong makes nothing longer than it was.
 */
export function restraintLeft(stored: StoredRestraint, now: number, service: number): Restraint {
  const { cause, heldMs, pace, ceiling, writtenAt } = stored;
  const sinceMs = Math.max(0, service - writtenAt);
  return { cause, heldUntil: now + Math.max(0, heldMs - sinceMs), pace, ceiling, at: now - sinceMs };
}
