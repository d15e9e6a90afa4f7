import type { Clock } from '../../lib/clock.ts';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../lib/duration.ts';
import type { ThrottleTold } from '../../lib/errors.ts';
import type { ApiName, QuotaLimits, QuotaStore, ThrottleCause } from '../source.ts';
import { type Brake, createBrake } from './brake.ts';
import { type CallRecord, createCallRecord } from './call-record.ts';
import { type Lane, laneShare } from './lanes.ts';
import { callsSince, meanRunMs, roomFor, totalMs, type Wait, type WaitReason, waitFor } from './periods.ts';

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
  /** Which share of the limits of calls is used: below 1 for a while after a 429. */
  readonly pace: number;
  /** Who used up what the latest 429 spoke of; null: there was none. */
  readonly slowedBy: ThrottleCause | null;
  /** Calls that still fit the minute and the hour, whoever asks; infinite where they are not limited. */
  readonly room: number;
  /** How much longer low lanes do not go; null: they do. */
  readonly heldMs: number | null;
}

/**
 * Counts what one tenant sends to one API in sliding periods and says whether one more call fits. It counts what passes through it and
 * through meters of other processes on the same state, at once. People in the portal and other programs share the service's quota, which
 * is why its limits leave room; where that is not enough, it goes slower for a while.
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
  /** After a 429: nobody goes for so long, and what it told holds behind that. An earlier pause that lasts longer stays. */
  pause(ms: number, told?: ThrottleTold | null): Promise<void>;
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
  readonly record: CallRecord;
  readonly brake: Brake;
  readonly inFlight: Map<number, Flight>;
  admitted: number;
  endings: EndedCounts;
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
    record: createCallRecord(options),
    brake: createBrake(options),
    inFlight: new Map(),
    admitted: 0,
    endings: { ended: 0, answered: 0 },
    clockAskedAt: Number.NEGATIVE_INFINITY,
    loading: null,
  };
  return {
    admit: async (lane) => {
      await load(meter);
      return options.serviceNow() === null ? refuse(UNKNOWN_WAIT_MS, 'clock') : admit(meter, lane);
    },
    admitClock: async () => {
      await load(meter);
      return admitClock(meter);
    },
    end: (call, runMs, answered = true) => end(meter, { call, runMs, answered }),
    endings: () => meter.endings,
    release: (call) => release(meter, call),
    pause: async (ms, told = null) => {
      await load(meter);
      await meter.brake.throttled(ms, told, (periodMs) => callsBefore(meter, periodMs));
    },
    usage: async () => {
      await load(meter);
      return usageOf(meter);
    },
  };
}

/** Reads once what was counted before a restart. */
function load(meter: Meter): Promise<void> {
  meter.loading ??= Promise.all([meter.record.load(), meter.brake.read()]).then(
    () => undefined,
    (error: unknown) => {
      meter.loading = null;
      throw error;
    },
  );
  return meter.loading;
}

function admit(meter: Meter, lane: Lane): Admission | Promise<Admission> {
  const { limits, clock } = meter.options;
  const now = clock.monotonic();
  const expectedMs = meanRunMs(meter.record.calls(), now);
  const braked = meter.brake.waitOf(lane);
  if (braked) return refuseUntil(braked, now);
  if (meter.inFlight.size >= limits.concurrency) return refuse(CONCURRENCY_WAIT_MS, 'concurrency');
  const demand = { lane, expectedMs, flights: [...meter.inFlight.values()] };
  const wait = waitOf(meter, demand);
  return wait ? refuseUntil(wait, now) : begin(meter, demand);
}

interface LaneDemand {
  readonly lane: Lane;
  readonly expectedMs: number;
  /** What is in flight already. */
  readonly flights: readonly Flight[];
}

/** `before`: of calls that others have recorded, only those with lower numbers count. */
function waitOf(meter: Meter, { lane, expectedMs, flights }: LaneDemand, before?: number): Wait | null {
  const { limits, clock } = meter.options;
  const now = clock.monotonic();
  const open = flights.map(({ at }) => ({ at, runMs: Math.max(expectedMs, now - at) }));
  const calls = meter.record.calls(open, before);
  return waitFor({ calls, limits, now, share: laneShare(lane), pace: meter.brake.pace(), expectedMs });
}

function admitClock(meter: Meter): Admission | Promise<Admission> {
  const now = meter.options.clock.monotonic();
  const askedMs = now - meter.clockAskedAt;
  if (meter.options.serviceNow() === null && askedMs < CLOCK_PACE_MS) return refuse(CLOCK_PACE_MS - askedMs, 'clock');
  const admission = admit(meter, 'critical');
  if (admission instanceof Promise) meter.clockAskedAt = now;
  return admission;
}

function refuse(waitMs: number, reason: Refusal): Admission {
  return { kind: 'wait', waitMs, reason };
}

function refuseUntil({ until, reason }: Wait, now: number): Admission {
  return refuse(until - now, reason);
}

/**
 * The call counts from here on, in memory at once and in the store before it goes. Another process may have come before it: its calls
 * have lower numbers then, and where they have left no room this one is taken back.
 */
async function begin(meter: Meter, demand: LaneDemand): Promise<Admission> {
  const { record, brake, inFlight, options } = meter;
  meter.admitted += 1;
  const call = meter.admitted;
  const recorded = record.begin(demand.expectedMs);
  inFlight.set(call, { at: options.clock.monotonic(), recorded });
  try {
    const number = await recorded;
    const [hasOthers, isBraked] = await Promise.all([record.readOthers(), brake.read()]);
    const wait = hasOthers || isBraked ? (brake.waitOf(demand.lane) ?? waitOf(meter, demand, number)) : null;
    if (!wait) return { kind: 'go', call };
    await release(meter, call);
    return refuseUntil(wait, options.clock.monotonic());
  } catch (thrown) {
    inFlight.delete(call);
    throw thrown;
  }
}

/** Calls of all processes on this state in a period until now, without the latest, which was refused. */
function callsBefore({ record, options }: Meter, periodMs: number): number {
  return Math.max(0, callsSince(record.calls(), options.clock.monotonic() - periodMs).length - 1);
}

interface Ending {
  readonly call: number;
  readonly runMs: number;
  readonly answered: boolean;
}

async function end(meter: Meter, { call, runMs, answered }: Ending): Promise<void> {
  meter.endings = { ended: meter.endings.ended + 1, answered: meter.endings.answered + (answered ? 1 : 0) };
  const flight = meter.inFlight.get(call);
  if (!flight) return;
  meter.inFlight.delete(call);
  await meter.record.end(flight.recorded, { at: flight.at, runMs });
}

async function release(meter: Meter, call: number): Promise<void> {
  const flight = meter.inFlight.get(call);
  if (!flight) return;
  meter.inFlight.delete(call);
  await meter.record.cancel(await flight.recorded);
}

function usageOf({ record, brake, inFlight, options }: Meter): QuotaUsage {
  const now = options.clock.monotonic();
  const calls = record.calls();
  const lastHour = callsSince(calls, now - HOUR_MS);
  return {
    ...brake.state(),
    room: roomFor({ calls, limits: options.limits, now, share: 1, pace: brake.pace(), expectedMs: 0 }) - inFlight.size,
    callsLastHour: lastHour.length + inFlight.size,
    runSecondsLastHour: totalMs(lastHour) / SECOND_MS,
    runSecondsLastDay: totalMs(callsSince(calls, now - DAY_MS)) / SECOND_MS,
    inFlight: inFlight.size,
  };
}
