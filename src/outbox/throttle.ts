import { MINUTE_MS } from '../lib/duration.ts';

/** What a target that asked for patience is spared: a pause for all of its entries, and a slower pace behind it. All times are monotonic. */
export interface Throttle {
  /** Milliseconds until the next delivery may start; 0: now. */
  waitMs(now: number): number;
  /** Milliseconds until the target has had the pause it asked for. */
  pauseMs(now: number): number;
  /** How many deliveries may be under way: behind a pause one goes ahead alone. */
  atOnce(concurrency: number): number;
  /** A delivery starts. */
  started(now: number): void;
  /** A delivery that started at `startedAt` has ended, other than with `refused`; `accepted`: the target took it. */
  ended(startedAt: number, accepted: boolean): void;
  /** The target refused a delivery that started at `startedAt` and asks for a pause; `tooMany`: because there were too many. */
  refused(now: number, startedAt: number, pauseMs: number, tooMany: boolean): void;
}

/** However little a target took before it refused, one delivery a minute still goes out. */
const LONGEST_GAP_MS = MINUTE_MS;
/** Nothing to send for this long (or two gaps) begins a new stretch: what a target takes is measured while there is something to send. */
const IDLE_MS = 10_000;
/** After so long a rest any limit has recovered. */
const FORGET_MS = 15 * MINUTE_MS;
/** The pace behind a refusal, compared with what the target has shown to take. */
const CAUTION = 1.1;
/** The gap shrinks by so much with every delivery, and faster once twice as many as before the refusal were taken without another. */
const SLOW_RECOVERY = 0.99;
const FAST_RECOVERY = 0.9;
const FEWEST_BEFORE_FAST = 20;

interface State {
  /** Between the starts of two deliveries; 0: as fast as can be. */
  gapMs: number;
  next: number;
  pausedUntil: number;
  /** When the latest pause was asked for: deliveries that were under way then do not slow the pace down once more. */
  refusedAt: number;
  alone: boolean;
  lastStart: number;
  /** The present stretch: since when deliveries have been going out, and how many were taken. It lasts until one is taken behind a pause. */
  since: number;
  taken: number;
  isOver: boolean;
  /** Taken since the latest refusal, and at most before fast recovery begins. */
  calm: number;
  trust: number;
}

/**
 * Retry-After and 429 hold for the whole target. What it took between the start of a stretch and the end of the pauses behind it is what it
 * takes in that time: behind a 429 the pace goes on a little below that, and grows back with every delivery. `pausedUntil`: what is left of a
 * pause that was asked for before.
 */
export function createThrottle(pausedUntil: number): Throttle {
  const never = Number.NEGATIVE_INFINITY;
  const times = { next: never, pausedUntil, refusedAt: never, lastStart: never, since: never };
  const state: State = { ...times, gapMs: 0, alone: false, taken: 0, isOver: false, calm: 0, trust: 0 };
  return {
    waitMs: (now) => Math.max(0, Math.ceil(Math.max(state.next, state.pausedUntil) - now)),
    pauseMs: (now) => Math.max(0, Math.ceil(state.pausedUntil - now)),
    atOnce: (concurrency) => (state.alone ? 1 : concurrency),
    started: (now) => start(state, now),
    ended: (startedAt, accepted) => end(state, startedAt, accepted),
    refused: (now, startedAt, pauseMs, tooMany) => {
      pause(state, now + pauseMs);
      if (tooMany && startedAt > state.refusedAt) slowDown(state, now);
    },
  };
}

function start(state: State, now: number): void {
  const idle = now - state.lastStart;
  if (idle > FORGET_MS) state.gapMs = 0;
  if (idle > Math.max(IDLE_MS, 2 * state.gapMs)) begin(state, now);
  state.lastStart = now;
  if (state.gapMs > 0) state.next = now + state.gapMs;
}

function begin(state: State, now: number): void {
  state.since = now;
  state.taken = 0;
  state.isOver = false;
}

function end(state: State, startedAt: number, accepted: boolean): void {
  if (startedAt >= state.pausedUntil) state.alone = false;
  if (!accepted) return;
  if (state.isOver && startedAt > state.refusedAt) begin(state, state.pausedUntil);
  state.taken += 1;
  if (startedAt <= state.refusedAt) return;
  state.calm += 1;
  state.gapMs *= state.calm > state.trust ? FAST_RECOVERY : SLOW_RECOVERY;
  if (state.gapMs < 1) state.gapMs = 0;
}

function pause(state: State, until: number): void {
  state.pausedUntil = Math.max(state.pausedUntil, until);
  state.lastStart = Math.max(state.lastStart, state.pausedUntil);
  state.alone = true;
}

function slowDown(state: State, now: number): void {
  const shown = (state.pausedUntil - state.since) / Math.max(1, state.taken);
  state.gapMs = Math.min(LONGEST_GAP_MS, Math.max(1, CAUTION * shown));
  state.trust = Math.max(FEWEST_BEFORE_FAST, 2 * state.taken);
  state.refusedAt = now;
  state.isOver = true;
  state.calm = 0;
}
