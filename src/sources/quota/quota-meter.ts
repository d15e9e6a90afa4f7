import type { Clock } from '../../lib/clock.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../lib/duration.ts';
import type { ApiName, MeteredCall, QuotaLimits, QuotaStore } from '../source.ts';
import { type Lane, laneShare } from './lanes.ts';
import { callsSince, meanRunMs, totalMs, type Wait, waitFor } from './periods.ts';

/** `at` goes into the record of the call; a wait is asked again from `until` on. */
export type Admission = { readonly kind: 'go'; readonly at: number } | ({ readonly kind: 'wait' } & Wait);

export interface QuotaUsage {
  readonly pausedUntil: number | null;
  readonly callsLastHour: number;
  readonly runSecondsLastHour: number;
  readonly runSecondsLastDay: number;
  readonly inFlight: number;
}

/**
 * Counts what one tenant sends to one API in sliding periods and says whether one more call fits. It only counts what passes
 * through it: people in the portal and other programs share the service's quota, which is why its limits leave room.
 */
export interface QuotaMeter {
  /** `go` counts the call as begun: it must be followed by `record`, whatever came of the call, or by `release`. */
  admit(lane: Lane): Promise<Admission>;
  /** The call that was admitted at `call.at` is over. */
  record(call: MeteredCall): Promise<void>;
  /** The admission was not used: nothing was sent. */
  release(at: number): void;
  /** After throttling: nobody goes before `until` (epoch ms). An earlier pause that lasts longer stays. */
  pause(until: number): Promise<void>;
  usage(): Promise<QuotaUsage>;
}

export interface QuotaMeterOptions {
  readonly tenant: string;
  readonly api: ApiName;
  readonly limits: QuotaLimits;
  readonly store: QuotaStore;
  readonly clock: Clock;
}

interface Meter {
  readonly options: QuotaMeterOptions;
  calls: MeteredCall[];
  /** When the calls in flight began. */
  inFlight: number[];
  pausedUntil: number | null;
  loading: Promise<void> | null;
}

/** How soon to ask again when all places are taken: a call may end at any moment. */
const CONCURRENCY_WAIT_MS = 250;

export function createQuotaMeter(options: QuotaMeterOptions): QuotaMeter {
  const meter: Meter = { options, calls: [], inFlight: [], pausedUntil: null, loading: null };
  return {
    admit: async (lane) => {
      await load(meter);
      return admit(meter, lane);
    },
    record: (call) => record(meter, call),
    release: (at) => endFlight(meter, at),
    pause: (until) => pause(meter, until),
    usage: async () => {
      await load(meter);
      return usageOf(meter);
    },
  };
}

/** Reads once what was counted before a restart. */
function load(meter: Meter): Promise<void> {
  meter.loading ??= readStore(meter).catch((error: unknown) => {
    meter.loading = null;
    throw error;
  });
  return meter.loading;
}

async function readStore(meter: Meter): Promise<void> {
  const { tenant, api, store, clock } = meter.options;
  const [stored, pausedUntil] = await Promise.all([
    store.calls(tenant, api, clock.now() - DAY_MS),
    store.pausedUntil(tenant, api),
  ]);
  meter.calls = [...stored].sort((a, b) => a.at - b.at);
  meter.pausedUntil = pausedUntil;
}

function admit(meter: Meter, lane: Lane): Admission {
  const { limits, clock } = meter.options;
  const now = clock.now();
  if (meter.pausedUntil !== null && meter.pausedUntil > now)
    return { kind: 'wait', until: meter.pausedUntil, reason: 'paused' };
  if (meter.inFlight.length >= limits.concurrency)
    return { kind: 'wait', until: now + CONCURRENCY_WAIT_MS, reason: 'concurrency' };
  const expectedMs = meanRunMs(meter.calls, now);
  const calls = withInFlight(meter, now, expectedMs);
  const wait = waitFor({ calls, limits, now, share: laneShare(lane), expectedMs });
  if (wait) return { kind: 'wait', ...wait };
  meter.inFlight.push(now);
  return { kind: 'go', at: now };
}

function withInFlight(meter: Meter, now: number, expectedMs: number): readonly MeteredCall[] {
  const open = meter.inFlight.map((at) => ({ at, runMs: Math.max(expectedMs, now - at) }));
  return open.length === 0 ? meter.calls : [...meter.calls, ...open].sort((a, b) => a.at - b.at);
}

async function record(meter: Meter, call: MeteredCall): Promise<void> {
  const { tenant, api, store, clock } = meter.options;
  await load(meter);
  endFlight(meter, call.at);
  meter.calls = [...callsSince(meter.calls, clock.now() - DAY_MS), call].sort((a, b) => a.at - b.at);
  await store.addCall(tenant, api, call);
}

/** The call itself, or the oldest one where the caller took its own time. */
function endFlight(meter: Meter, at: number): void {
  const index = meter.inFlight.indexOf(at);
  meter.inFlight.splice(Math.max(0, index), 1);
}

async function pause(meter: Meter, until: number): Promise<void> {
  const { tenant, api, store } = meter.options;
  await load(meter);
  meter.pausedUntil = Math.max(meter.pausedUntil ?? 0, until);
  await store.pause(tenant, api, meter.pausedUntil);
}

function usageOf(meter: Meter): QuotaUsage {
  const now = meter.options.clock.now();
  const lastHour = callsSince(meter.calls, now - HOUR_MS);
  return {
    pausedUntil: meter.pausedUntil !== null && meter.pausedUntil > now ? meter.pausedUntil : null,
    callsLastHour: lastHour.length + meter.inFlight.length,
    runSecondsLastHour: totalMs(lastHour) / SECOND_MS,
    runSecondsLastDay: totalMs(callsSince(meter.calls, now - DAY_MS)) / SECOND_MS,
    inFlight: meter.inFlight.length,
  };
}
