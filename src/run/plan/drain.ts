import { MINUTE_MS } from '../../lib/duration.ts';
import { LANES, type Lane, laneShare } from '../../sources/quota/lanes.ts';
import type { QuotaLimits } from '../../sources/source.ts';
import { riseAfter } from '../lag.ts';
import type { MinuteLoad } from './minute-load.ts';

/** How long the calls of a lane wait for the quota. */
export interface LaneWait {
  readonly longestMs: number;
  /** The minute (epoch ms) of the call that waits longest. */
  readonly at: number;
}

interface Waiting {
  readonly minute: number;
  count: number;
}

interface Draining {
  readonly limits: QuotaLimits;
  readonly queues: Readonly<Record<Lane, Waiting[]>>;
  /** Calls sent in each minute so far. */
  readonly sent: Uint32Array;
  /** Calls sent in the hour that ends with the minute at hand. */
  inHour: number;
  readonly waits: Map<Lane, { minutes: number; at: number }>;
}

const HOUR_MINUTES = 60;
const RISE_MINUTES = riseAfter(0) / MINUTE_MS;

/**
 * Plays the quota's meter over a week, minute by minute: what limits and the shares of lanes let go, high lanes first, and who waits long
 * rises. What is left at the end waits to the end. Lanes where nothing waits are left out.
 */
export function drain(load: Pick<MinuteLoad, 'from' | 'lanes'>, limits: QuotaLimits): ReadonlyMap<Lane, LaneWait> {
  if (limits.callsPerMinute === null && limits.callsPerHour === null) return new Map();
  const length = load.lanes.high.length;
  const queues = Object.fromEntries(LANES.map((lane) => [lane, [] as Waiting[]])) as Record<Lane, Waiting[]>;
  const draining: Draining = { limits, queues, sent: new Uint32Array(length), inHour: 0, waits: new Map() };
  for (let minute = 0; minute < length; minute++) {
    draining.inHour -= minute >= HOUR_MINUTES ? (draining.sent[minute - HOUR_MINUTES] ?? 0) : 0;
    for (const lane of LANES) arrive(queues[lane], minute, load.lanes[lane][minute] ?? 0);
    while (sendNext(draining, minute));
  }
  for (const lane of LANES) for (const left of queues[lane]) noteWait(draining, lane, left.minute, length);
  return new Map([...draining.waits].map(([lane, { minutes, at }]) => [lane, waitOf(load.from, minutes, at)]));
}

function waitOf(from: number, minutes: number, at: number): LaneWait {
  return { longestMs: minutes * MINUTE_MS, at: from + at * MINUTE_MS };
}

function arrive(queue: Waiting[], minute: number, count: number): void {
  if (count > 0) queue.push({ minute, count });
}

/** Sends what may go of the first in line whose lane has room; false where none has. */
function sendNext(draining: Draining, minute: number): boolean {
  const heads = LANES.flatMap((lane) => {
    const [head] = draining.queues[lane];
    return head ? [{ lane, head, effective: effectiveLane(lane, minute - head.minute) }] : [];
  });
  heads.sort((a, b) => LANES.indexOf(a.effective) - LANES.indexOf(b.effective) || a.head.minute - b.head.minute);
  for (const { lane, head, effective } of heads) {
    const room = Math.min(roomOf(draining, effective, minute), head.count);
    if (room <= 0) continue;
    head.count -= room;
    draining.sent[minute] = (draining.sent[minute] ?? 0) + room;
    draining.inHour += room;
    noteWait(draining, lane, head.minute, minute);
    if (head.count === 0) draining.queues[lane].shift();
    return true;
  }
  return false;
}

function effectiveLane(lane: Lane, waitedMinutes: number): Lane {
  const risen = Math.max(0, LANES.indexOf(lane) - Math.floor(waitedMinutes / RISE_MINUTES));
  return LANES[risen] ?? lane;
}

function roomOf({ limits, sent, inHour }: Draining, lane: Lane, minute: number): number {
  const allowed = (limit: number | null): number =>
    limit === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(limit * laneShare(lane)));
  return Math.min(allowed(limits.callsPerMinute) - (sent[minute] ?? 0), allowed(limits.callsPerHour) - inHour);
}

function noteWait({ waits }: Draining, lane: Lane, arrived: number, now: number): void {
  const minutes = now - arrived;
  if (minutes > (waits.get(lane)?.minutes ?? 0)) waits.set(lane, { minutes, at: arrived });
}
