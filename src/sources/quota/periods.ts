import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { MeteredCall, QuotaLimits } from '../source.ts';

/** Which limit a call waits for. */
export type WaitReason = Exclude<keyof QuotaLimits, 'concurrency'> | 'concurrency' | 'paused' | 'held';

export interface Wait {
  /** When the limit has room again, by the clock of the calls. */
  readonly until: number;
  readonly reason: WaitReason;
}

export interface Demand {
  /** Calls of the last day, oldest first, those in flight with the time they are expected to take. */
  readonly calls: readonly MeteredCall[];
  readonly limits: QuotaLimits;
  /** By the clock of the calls. */
  readonly now: number;
  /** Share of each limit that may be filled, above 0 to 1. */
  readonly share: number;
  /** Share of the limits of calls that is used for now, above 0 to 1; left out: all. */
  readonly pace?: number;
  /** What the new call is expected to take. */
  readonly expectedMs: number;
}

/** The longest wait that any sliding period asks of one more call now, or null where all have room. Pure. */
export function waitFor(demand: Demand): Wait | null {
  const { limits } = demand;
  const waits = [
    countWait(demand, limits.callsPerMinute, MINUTE_MS, 'callsPerMinute'),
    countWait(demand, limits.callsPerHour, HOUR_MS, 'callsPerHour'),
    timeWait(demand, limits.runSecondsPerHour, HOUR_MS, 'runSecondsPerHour'),
    timeWait(demand, limits.runSecondsPerDay, DAY_MS, 'runSecondsPerDay'),
  ];
  return waits.reduce((longest, wait) => (wait && (!longest || wait.until > longest.until) ? wait : longest), null);
}

/** How many more calls fit now. Pure. */
export function roomFor({ calls, limits, now, share, pace = 1 }: Demand): number {
  const room = (limit: number | null, periodMs: number): number =>
    limit === null
      ? Number.POSITIVE_INFINITY
      : allowedOf(limit, share, pace) - callsSince(calls, now - periodMs).length;
  return Math.max(0, Math.min(room(limits.callsPerMinute, MINUTE_MS), room(limits.callsPerHour, HOUR_MS)));
}

function allowedOf(limit: number, share: number, pace: number): number {
  return Math.max(1, Math.floor(limit * share * pace));
}

/** Mean run time of the calls of the last day, 0 without any. */
export function meanRunMs(calls: readonly MeteredCall[], now: number): number {
  const recent = callsSince(calls, now - DAY_MS);
  return recent.length === 0 ? 0 : totalMs(recent) / recent.length;
}

/** The calls that began after `since`. */
export function callsSince(calls: readonly MeteredCall[], since: number): readonly MeteredCall[] {
  let low = 0;
  let high = calls.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((calls[middle]?.at ?? 0) > since) high = middle;
    else low = middle + 1;
  }
  return calls.slice(low);
}

export function totalMs(calls: readonly MeteredCall[]): number {
  return calls.reduce((sum, call) => sum + call.runMs, 0);
}

function countWait(demand: Demand, limit: number | null, periodMs: number, reason: WaitReason): Wait | null {
  if (limit === null) return null;
  const allowed = allowedOf(limit, demand.share, demand.pace ?? 1);
  const inPeriod = callsSince(demand.calls, demand.now - periodMs);
  const blocking = inPeriod[inPeriod.length - allowed];
  return blocking ? { until: blocking.at + periodMs, reason } : null;
}

/** An empty period always has room, so that a call that is expected to take longer than the limit runs at last. */
function timeWait(demand: Demand, limitSeconds: number | null, periodMs: number, reason: WaitReason): Wait | null {
  if (limitSeconds === null) return null;
  const allowedMs = limitSeconds * SECOND_MS * demand.share;
  const inPeriod = callsSince(demand.calls, demand.now - periodMs);
  let usedMs = totalMs(inPeriod);
  let until: number | null = null;
  for (const call of inPeriod) {
    if (usedMs === 0 || (usedMs < allowedMs && usedMs + demand.expectedMs <= allowedMs)) break;
    usedMs -= call.runMs;
    until = call.at + periodMs;
  }
  return until === null ? null : { until, reason };
}
