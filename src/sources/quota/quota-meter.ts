import type { Clock } from '../../lib/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { ApiName, MeteredCall, QuotaLimits, QuotaStore } from '../source.ts';
import { type Lane, laneShare } from './lanes.ts';
import { callsSince, meanRunMs, totalMs, type Wait, type WaitReason, waitFor } from './periods.ts';
import { pauseLeft } from './stored-pause.ts';

/** Why a call may not go yet: a limit that is full, or the service's clock that nobody knows. */
export type Refusal = WaitReason | 'clock';

/** `call` names the admitted call from then on; a wait is asked again after `waitMs`. */
export type Admission =
  | { readonly kind: 'go'; readonly call: number }
  | { readonly kind: 'wait'; readonly waitMs: number; readonly reason: Refusal };

export interface QuotaUsage {
  /** How much longer nobody may go; null: no pause. */
  readonly pausedMs: number | null;
  readonly callsLastHour: number;
  readonly runSecondsLastHour: number;
  readonly runSecondsLastDay: number;
  readonly inFlight: number;
}

/**
 * Counts what one tenant sends to one API in sliding periods and says whether one more call fits. It only counts what passes
 * through it: people in the portal and other programs share the service's quota, which is why its limits leave room.
 * In memory it counts by monotonic time, so that no clock that is set moves a period; the store has the service's time.
 */
export interface QuotaMeter {
  /** `go` counts and records the call as begun: it must be followed by `end`, whatever came of the call, or by `release`. */
  admit(lane: Lane): Promise<Admission>;
  /** As admit, for the query that asks for the service's clock: the only one while that is not known, and then one in 10 s. */
  admitClock(): Promise<Admission>;
  /** The admitted call is over; `answered`: the service did what it was asked, or said what is wrong with the query. */
  end(call: number, runMs: number, answered?: boolean): Promise<void>;
  /** Calls that ended in this process so far, and those of them that were answered. */
  endings(): EndedCounts;
  /** The admission was not used: nothing was sent. */
  release(call: number): Promise<void>;
  /** After throttling: nobody goes for so long. An earlier pause that lasts longer stays. */
  pause(ms: number): Promise<void>;
  usage(): Promise<QuotaUsage>;
}

export interface QuotaMeterOptions {
  readonly tenant: string;
  readonly api: ApiName;
  readonly limits: QuotaLimits;
  readonly store: QuotaStore;
  readonly clock: Clock;
  /** The service's clock in epoch ms; null while it is not known. */
  readonly serviceNow: () => number | null;
}

export interface EndedCounts {
  readonly ended: number;
  readonly answered: number;
}

interface Flight {
  readonly at: number;
  /** Its number in the store, once it has one. */
  readonly recorded: Promise<number>;
}

interface Meter {
  readonly options: QuotaMeterOptions;
  calls: readonly MeteredCall[];
  readonly inFlight: Map<number, Flight>;
  admitted: number;
  endings: EndedCounts;
  /** What was counted before a restart, until the service's clock can tell how long ago that was. */
  stored: readonly MeteredCall[];
  pausedUntil: number;
  clockAskedAt: number;
  loading: Promise<void> | null;
}

/** How soon to ask again when all places are taken: a call may end at any moment. */
const CONCURRENCY_WAIT_MS = 250;
const UNKNOWN_WAIT_MS = SECOND_MS;
const CLOCK_PACE_MS = 10 * SECOND_MS;

export function createQuotaMeter(options: QuotaMeterOptions): QuotaMeter {
  const meter: Meter = {
    options,
    calls: [],
    inFlight: new Map(),
    admitted: 0,
    endings: { ended: 0, answered: 0 },
    stored: [],
    pausedUntil: Number.NEGATIVE_INFINITY,
    clockAskedAt: Number.NEGATIVE_INFINITY,
    loading: null,
  };
  return {
    admit: async (lane) => {
      await load(meter);
      return options.serviceNow() === null ? refuse(UNKNOWN_WAIT_MS, 'clock') : admit(meter, laneShare(lane));
    },
    admitClock: async () => {
      await load(meter);
      return admitClock(meter);
    },
    end: (call, runMs, answered = true) => end(meter, { call, runMs, answered }),
    endings: () => meter.endings,
    release: (call) => release(meter, call),
    pause: (ms) => pause(meter, ms),
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
  const { tenant, api, store, clock, serviceNow } = meter.options;
  const [stored, pause] = await Promise.all([store.calls(tenant, api, 0), store.pauseOf(tenant, api)]);
  meter.stored = stored;
  if (pause) meter.pausedUntil = clock.monotonic() + pauseLeft(pause, serviceNow() ?? clock.now());
}

/** Two processes may take the service's time to be so different without noticing: each goes by answers that were on their way for a while. */
const KNOWN_TO_MS = MINUTE_MS;

/**
 * Gives stored calls their place in monotonic time, as late as they may have been. One from ahead of the service's clock counts as made
 * now: sooner too slow than too fast.
 */
function placeStored(meter: Meter): void {
  const { clock, serviceNow } = meter.options;
  const service = serviceNow();
  if (service === null || meter.stored.length === 0) return;
  const now = clock.monotonic();
  const placed = meter.stored.map(({ at, runMs }) => ({ at: now - Math.max(0, service - at - KNOWN_TO_MS), runMs }));
  meter.stored = [];
  meter.calls = inOrder([...placed, ...meter.calls]);
}

function admit(meter: Meter, share: number): Admission | Promise<Admission> {
  const { limits, clock } = meter.options;
  placeStored(meter);
  const now = clock.monotonic();
  if (meter.pausedUntil > now) return refuse(meter.pausedUntil - now, 'paused');
  if (meter.inFlight.size >= limits.concurrency) return refuse(CONCURRENCY_WAIT_MS, 'concurrency');
  const expectedMs = meanRunMs(meter.calls, now);
  const wait = waitFor({ calls: withInFlight(meter, now, expectedMs), limits, now, share, expectedMs });
  return wait ? refuseUntil(wait, now) : begin(meter, now, expectedMs);
}

function admitClock(meter: Meter): Admission | Promise<Admission> {
  const now = meter.options.clock.monotonic();
  const askedMs = now - meter.clockAskedAt;
  if (meter.options.serviceNow() === null && askedMs < CLOCK_PACE_MS) return refuse(CLOCK_PACE_MS - askedMs, 'clock');
  const admission = admit(meter, 1);
  if (admission instanceof Promise) meter.clockAskedAt = now;
  return admission;
}

function refuse(waitMs: number, reason: Refusal): Admission {
  return { kind: 'wait', waitMs, reason };
}

function refuseUntil({ until, reason }: Wait, now: number): Admission {
  return refuse(until - now, reason);
}

/** The call counts from here on, in memory at once and in the store before it goes. */
async function begin(meter: Meter, at: number, expectedMs: number): Promise<Admission> {
  const { tenant, api, store, clock, serviceNow } = meter.options;
  meter.admitted += 1;
  const call = meter.admitted;
  const recorded = store.beginCall(tenant, api, { at: serviceNow() ?? clock.now(), runMs: expectedMs });
  meter.inFlight.set(call, { at, recorded });
  try {
    await recorded;
  } catch (thrown) {
    meter.inFlight.delete(call);
    throw thrown;
  }
  return { kind: 'go', call };
}

function withInFlight(meter: Meter, now: number, expectedMs: number): readonly MeteredCall[] {
  if (meter.inFlight.size === 0) return meter.calls;
  const open = [...meter.inFlight.values()].map(({ at }) => ({ at, runMs: Math.max(expectedMs, now - at) }));
  return inOrder([...meter.calls, ...open]);
}

function inOrder(calls: readonly MeteredCall[]): readonly MeteredCall[] {
  return [...calls].sort((a, b) => a.at - b.at);
}

interface Ending {
  readonly call: number;
  readonly runMs: number;
  readonly answered: boolean;
}

async function end(meter: Meter, { call, runMs, answered }: Ending): Promise<void> {
  const { store, clock } = meter.options;
  meter.endings = { ended: meter.endings.ended + 1, answered: meter.endings.answered + (answered ? 1 : 0) };
  const flight = meter.inFlight.get(call);
  if (!flight) return;
  meter.inFlight.delete(call);
  meter.calls = inOrder([...callsSince(meter.calls, clock.monotonic() - DAY_MS), { at: flight.at, runMs }]);
  await store.endCall(await flight.recorded, runMs);
}

async function release(meter: Meter, call: number): Promise<void> {
  const flight = meter.inFlight.get(call);
  if (!flight) return;
  meter.inFlight.delete(call);
  await meter.options.store.cancelCall(await flight.recorded);
}

async function pause(meter: Meter, ms: number): Promise<void> {
  const { tenant, api, store, clock, serviceNow } = meter.options;
  await load(meter);
  const now = clock.monotonic();
  meter.pausedUntil = Math.max(meter.pausedUntil, now + ms);
  const remainedMs = meter.pausedUntil - now;
  await store.pause(tenant, api, { remainedMs, writtenAt: serviceNow() ?? clock.now() });
}

function usageOf(meter: Meter): QuotaUsage {
  placeStored(meter);
  const now = meter.options.clock.monotonic();
  const lastHour = callsSince(meter.calls, now - HOUR_MS);
  return {
    pausedMs: meter.pausedUntil > now ? meter.pausedUntil - now : null,
    callsLastHour: lastHour.length + meter.inFlight.size,
    runSecondsLastHour: totalMs(lastHour) / SECOND_MS,
    runSecondsLastDay: totalMs(callsSince(meter.calls, now - DAY_MS)) / SECOND_MS,
    inFlight: meter.inFlight.size,
  };
}
