import { MINUTE_MS } from '../../lib/duration.ts';
import { LANES, type Lane, laneShare } from '../../sources/quota/lanes.ts';
import type { QuotaLimits } from '../../sources/source.ts';
import { riseAfter } from '../lag.ts';
import type { LaneQueue, MinuteLoad } from './minute-load.ts';

/** How long calls of rules of one lane and interval wait for the quota. */
export interface LaneWait {
  readonly lane: Lane;
  readonly intervalMs: number;
  readonly longestMs: number;
  /** The minute (epoch ms) of the call that waits longest. */
  readonly at: number;
}

interface Waiting {
  readonly minute: number;
  count: number;
}

interface Queue {
  readonly of: LaneQueue;
  readonly riseMinutes: number;
  readonly waiting: Waiting[];
  longest: { minutes: number; at: number };
}

interface Draining {
  readonly limits: QuotaLimits;
  readonly queues: readonly Queue[];
  /** Calls sent in each minute so far. */
  readonly sent: Uint32Array;
  /** Calls sent in the hour that ends with the minute at hand. */
  inHour: number;
  /** Calls that others have before a risen one may go again. */
  owed: number;
}

const HOUR_MINUTES = 60;
/** As of turns that are ready. */
const OTHERS = 3;

/**
 * Plays the quota's meter over a week, minute by minute: what limits and the shares of lanes let go, high lanes first, and who waits long
 * rises, but has at most every fourth call while others wait. What is left at the end waits to the end. What does not wait is left out.
 */
export function drain(load: Pick<MinuteLoad, 'from' | 'queues'>, limits: QuotaLimits): readonly LaneWait[] {
  if (limits.callsPerMinute === null && limits.callsPerHour === null) return [];
  const length = load.queues[0]?.minutes.length ?? 0;
  const queues = load.queues.map((of): Queue => {
    return { of, riseMinutes: riseAfter(of.intervalMs) / MINUTE_MS, waiting: [], longest: { minutes: 0, at: 0 } };
  });
  const draining: Draining = { limits, queues, sent: new Uint32Array(length), inHour: 0, owed: 0 };
  for (let minute = 0; minute < length; minute++) {
    draining.inHour -= minute >= HOUR_MINUTES ? (draining.sent[minute - HOUR_MINUTES] ?? 0) : 0;
    for (const queue of queues) arrive(queue.waiting, minute, queue.of.minutes[minute] ?? 0);
    while (sendNext(draining, minute));
  }
  for (const queue of queues) for (const left of queue.waiting) noteWait(queue, left.minute, length);
  return queues
    .filter(({ longest }) => longest.minutes > 0)
    .map(({ of: { lane, intervalMs }, longest: { minutes, at } }) => {
      return { lane, intervalMs, longestMs: minutes * MINUTE_MS, at: load.from + at * MINUTE_MS };
    });
}

function arrive(waiting: Waiting[], minute: number, count: number): void {
  if (count > 0) waiting.push({ minute, count });
}

interface Head {
  readonly queue: Queue;
  readonly first: Waiting;
  readonly lane: Lane;
  readonly isRisen: boolean;
  readonly room: number;
}

/** Sends what may go of the first in line whose lane has room; false where none has. */
function sendNext(draining: Draining, minute: number): boolean {
  const heads = headsOf(draining, minute);
  const next = (draining.owed > 0 ? heads.find(({ isRisen }) => !isRisen) : null) ?? heads[0];
  if (!next) return false;
  const { queue, first, isRisen } = next;
  const count = heads.length > 1 && (isRisen || draining.owed > 0) ? 1 : Math.min(next.room, first.count);
  draining.owed = isRisen ? draining.owed + (heads.length > 1 ? OTHERS : 0) : Math.max(0, draining.owed - count);
  first.count -= count;
  draining.sent[minute] = (draining.sent[minute] ?? 0) + count;
  draining.inHour += count;
  noteWait(queue, first.minute, minute);
  if (first.count === 0) queue.waiting.shift();
  return true;
}

/** Those that may go, in the order in which they do. */
function headsOf(draining: Draining, minute: number): readonly Head[] {
  const heads = draining.queues.flatMap((queue): readonly Head[] => {
    const [first] = queue.waiting;
    if (!first) return [];
    const own = LANES.indexOf(queue.of.lane);
    const place = Math.max(0, own - Math.floor((minute - first.minute) / queue.riseMinutes));
    const lane = LANES[place] ?? queue.of.lane;
    return [{ queue, first, lane, isRisen: place < own, room: roomOf(draining, lane, minute) }];
  });
  const full = draining.owed > 0 ? heads.filter(({ room, isRisen }) => room <= 0 && !isRisen) : [];
  return heads
    .filter((head) => head.room > 0 && !takesRoomOf(full, head))
    .sort((a, b) => LANES.indexOf(a.lane) - LANES.indexOf(b.lane) || a.first.minute - b.first.minute);
}

/** A risen one goes not on in the room of the best lanes while one of a better lane than its own waits for its room. */
function takesRoomOf(full: readonly Head[], { queue, isRisen }: Head): boolean {
  const own = LANES.indexOf(queue.of.lane);
  return isRisen && full.some(({ lane }) => LANES.indexOf(lane) < own);
}

function roomOf({ limits, sent, inHour }: Draining, lane: Lane, minute: number): number {
  const allowed = (limit: number | null): number =>
    limit === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(limit * laneShare(lane)));
  return Math.min(allowed(limits.callsPerMinute) - (sent[minute] ?? 0), allowed(limits.callsPerHour) - inHour);
}

function noteWait(queue: Queue, arrived: number, now: number): void {
  const minutes = now - arrived;
  if (minutes > queue.longest.minutes) queue.longest = { minutes, at: arrived };
}
