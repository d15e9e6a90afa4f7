import type { EmulatedApi } from './answer.ts';
import { outOfRunTime, type RefusalContext, type Reply, throttled } from './refusals.ts';

/** The quotas of one tenant, as the API pages state them. Seconds of run time are limited on `mde` only. */
export interface EmulatedQuota {
  readonly callsPerMinute: number;
  readonly callsPerHour: number;
  readonly runSecondsPerHour: number;
  readonly runSecondsPerDay: number;
}

export const DOCUMENTED_QUOTA: EmulatedQuota = {
  callsPerMinute: 45,
  callsPerHour: 1500,
  runSecondsPerHour: 600,
  runSecondsPerDay: 10_800,
};

interface Call {
  readonly at: number;
  runMs: number;
}

/** Sliding periods per API. `admit` answers null and counts the call, or tells the refusal and counts nothing. */
export interface EmulatedMeter {
  admit(context: RefusalContext): Reply | null;
  /** Adds the run time of the latest admitted call. */
  ran(api: EmulatedApi, runMs: number): void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function createEmulatedMeter(quota: EmulatedQuota): EmulatedMeter {
  const calls: Record<EmulatedApi, Call[]> = { graph: [], xdr: [], mde: [], loganalytics: [], kusto: [], lake: [] };
  return {
    admit(context) {
      calls[context.api] = calls[context.api].filter((call) => call.at > context.now - DAY);
      const refusal = refusalOf(calls[context.api], quota, context);
      if (!refusal) calls[context.api].push({ at: context.now, runMs: 0 });
      return refusal;
    },
    ran(api, runMs) {
      const latest = calls[api].at(-1);
      if (latest) latest.runMs += runMs;
    },
  };
}

function refusalOf(calls: readonly Call[], quota: EmulatedQuota, context: RefusalContext): Reply | null {
  const { now } = context;
  const own = OWN_QUOTAS[context.api];
  if (own !== undefined) return own && ownRefusal(calls, own, context);
  const perMinute = fullUntil(calls, now, MINUTE, quota.callsPerMinute);
  if (perMinute !== null) return throttled(context, quota.callsPerMinute, '00:01:00', secondsTo(perMinute, now));
  const perHour = fullUntil(calls, now, HOUR, quota.callsPerHour);
  if (perHour !== null) return throttled(context, quota.callsPerHour, '01:00:00', secondsTo(perHour, now));
  if (context.api !== 'mde') return null;
  const spent =
    spentUntil(calls, now, HOUR, quota.runSecondsPerHour) ?? spentUntil(calls, now, DAY, quota.runSecondsPerDay);
  return spent === null ? null : outOfRunTime(context, secondsTo(spent, now));
}

interface OwnQuota {
  readonly calls: number;
  readonly periodMs: number;
  readonly period: string;
}

/** What services allow one application that are no hunting APIs; null: as many calls as it likes. */
const OWN_QUOTAS: Partial<Record<EmulatedApi, OwnQuota | null>> = {
  loganalytics: { calls: 200, periodMs: MINUTE / 2, period: '00:00:30' },
  kusto: null,
  lake: { calls: 30, periodMs: MINUTE, period: '00:01:00' },
};

function ownRefusal(
  made: readonly Call[],
  { calls, periodMs, period }: OwnQuota,
  context: RefusalContext,
): Reply | null {
  const full = fullUntil(made, context.now, periodMs, calls);
  return full === null ? null : throttled(context, calls, period, secondsTo(full, context.now));
}

/** When the oldest of the last `limit` calls leaves the period; null while there is room. */
function fullUntil(calls: readonly Call[], now: number, period: number, limit: number): number | null {
  const recent = calls.filter((call) => call.at > now - period);
  const oldest = recent[recent.length - limit];
  return oldest ? oldest.at + period : null;
}

function spentUntil(calls: readonly Call[], now: number, period: number, seconds: number): number | null {
  const recent = calls.filter((call) => call.at > now - period);
  const spent = recent.reduce((sum, call) => sum + call.runMs, 0);
  const oldest = recent.find((call) => call.runMs > 0);
  return spent >= seconds * 1000 && oldest ? oldest.at + period : null;
}

function secondsTo(time: number, now: number): number {
  return Math.max(1, Math.ceil((time - now) / 1000));
}
