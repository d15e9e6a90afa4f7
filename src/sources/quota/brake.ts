import type { Clock } from '../../lib/clock.ts';
import type { ThrottleTold } from '../../lib/errors.ts';
import type { ApiName, QuotaLimits, QuotaStore, StoredPause, StoredRestraint, ThrottleCause } from '../source.ts';
import type { Lane } from './lanes.ts';
import type { Wait } from './periods.ts';
import {
  isLowLane,
  paceAt,
  type Restraint,
  restrainedBy,
  restraintLeft,
  storedRestraint,
  UNRESTRAINED,
} from './restraint.ts';
import { pauseLeft } from './stored-pause.ts';

/** What 429s have left behind: a pause for all, a slower pace, low lanes that are held. All processes on one state share it. */
export interface Brake {
  /** Until when the lane does not go, monotonic ms; null: it may. */
  waitOf(lane: Lane): Wait | null;
  pace(): number;
  /** A 429 asked to wait for `ms`; `own` counts our calls in a period, without the refused one. */
  throttled(ms: number, told: ThrottleTold | null, own: (periodMs: number) => number): Promise<void>;
  /** Takes in what the state has; tells whether another process had changed it. */
  read(): Promise<boolean>;
  state(): BrakeState;
}

export interface BrakeState {
  readonly pausedMs: number | null;
  readonly heldMs: number | null;
  readonly pace: number;
  readonly slowedBy: ThrottleCause | null;
}

export interface BrakeOptions {
  readonly tenant: string;
  readonly api: ApiName;
  readonly limits: QuotaLimits;
  readonly store: QuotaStore;
  readonly clock: Clock;
  readonly serviceNow: () => number | null;
}

interface Braking {
  readonly options: BrakeOptions;
  restraint: Restraint;
  pausedUntil: number;
  /** What the state had at the latest look, as text. */
  known: string;
}

export function createBrake(options: BrakeOptions): Brake {
  const { clock } = options;
  const braking: Braking = { options, restraint: UNRESTRAINED, pausedUntil: Number.NEGATIVE_INFINITY, known: '' };
  return {
    waitOf: (lane) => waitOf(braking, lane, clock.monotonic()),
    pace: () => paceAt(braking.restraint, clock.monotonic()),
    throttled: (ms, told, own) => throttled(braking, ms, told, own),
    read: () => read(braking),
    state: () => stateOf(braking, clock.monotonic()),
  };
}

function waitOf({ pausedUntil, restraint }: Braking, lane: Lane, now: number): Wait | null {
  if (pausedUntil > now) return { until: pausedUntil, reason: 'paused' };
  const isHeld = restraint.heldUntil > now && isLowLane(lane);
  return isHeld ? { until: restraint.heldUntil, reason: 'held' } : null;
}

/** What another process has met meanwhile is taken in first: one word of the service slows all of them down once. */
async function throttled(
  braking: Braking,
  ms: number,
  told: ThrottleTold | null,
  own: (periodMs: number) => number,
): Promise<void> {
  const { tenant, api, store, clock, limits, serviceNow } = braking.options;
  await read(braking);
  const now = clock.monotonic();
  const wasPaused = braking.pausedUntil > now;
  braking.pausedUntil = Math.max(braking.pausedUntil, now + ms);
  const writtenAt = serviceNow() ?? clock.now();
  await store.pause(tenant, api, { remainedMs: braking.pausedUntil - now, writtenAt });
  if (told) {
    braking.restraint = restrainedBy(braking.restraint, {
      told,
      now,
      serviceNow: serviceNow(),
      wasPaused,
      limits,
      own,
    });
    const stored = storedRestraint(braking.restraint, now, writtenAt);
    if (stored) await store.restrain(tenant, api, stored);
  }
  braking.known = JSON.stringify(await storedBrake(braking));
}

async function read(braking: Braking): Promise<boolean> {
  const stored = await storedBrake(braking);
  const text = JSON.stringify(stored);
  if (text === braking.known) return false;
  const { clock, serviceNow } = braking.options;
  const [now, service] = [clock.monotonic(), serviceNow() ?? clock.now()];
  const [pause, restraint] = stored;
  if (pause) braking.pausedUntil = Math.max(braking.pausedUntil, now + pauseLeft(pause, service));
  if (restraint) braking.restraint = restraintLeft(restraint, now, service);
  braking.known = text;
  return true;
}

function storedBrake({ options }: Braking): Promise<readonly [StoredPause | null, StoredRestraint | null]> {
  const { tenant, api, store } = options;
  return Promise.all([store.pauseOf(tenant, api), store.restraintOf(tenant, api)]);
}

function stateOf({ pausedUntil, restraint }: Braking, now: number): BrakeState {
  return {
    pausedMs: pausedUntil > now ? pausedUntil - now : null,
    heldMs: restraint.heldUntil > now ? restraint.heldUntil - now : null,
    pace: paceAt(restraint, now),
    slowedBy: restraint.cause,
  };
}
