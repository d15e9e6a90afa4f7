import { DAY_MS, SECOND_MS } from '../../lib/duration.ts';

/** A time in which a zone's clocks are not changed. Times are epoch ms, offsets ms to add to them for the wall time. */
export interface Stretch {
  /** Its first instant; more than a day before what was asked for, the change may lie further back. */
  readonly from: number;
  /** The first instant that is no part of it; the change may lie further ahead. */
  readonly to: number;
  readonly offsetMs: number;
  /** The offset before `from`; the same where no clock was changed then. */
  readonly beforeMs: number;
}

export interface TimeZone {
  /** The stretch that holds an instant. */
  stretchAt(time: number): Stretch;
}

const zones = new Map<string, TimeZone>();

/** The clocks of an IANA zone as this runtime knows them. Throws a RangeError where it does not know the name. */
export function timeZone(name: string): TimeZone {
  const known = zones.get(name);
  if (known) return known;
  const zone = createTimeZone(name);
  zones.set(name, zone);
  return zone;
}

/** So much is looked at in one go. */
const CHUNK_MS = 64 * DAY_MS;
/** Two changes have never lain closer together than some days. */
const STEP_MS = DAY_MS;
/** Changes so long before a chunk are looked for, too: wall times that come twice do so within a day of the change. */
const LEAD_MS = 2 * DAY_MS;

function createTimeZone(name: string): TimeZone {
  const offsetAt = offsets(name);
  const chunks = new Map<number, Chunk>();
  return {
    stretchAt: (time) => {
      const index = Math.floor(time / CHUNK_MS);
      const known = chunks.get(index);
      const chunk = known ?? readChunk(offsetAt, index * CHUNK_MS);
      if (!known) chunks.set(index, chunk);
      return chunk.earlier.find((stretch) => time < stretch.to) ?? chunk.last;
    },
  };
}

interface Chunk {
  readonly earlier: readonly Stretch[];
  readonly last: Stretch;
}

function readChunk(offsetAt: (time: number) => number, start: number): Chunk {
  const end = start + CHUNK_MS;
  const earlier: Stretch[] = [];
  let from = start - LEAD_MS;
  let offset = offsetAt(from);
  let before = offset;
  for (let time = from; time < end; time += STEP_MS) {
    const next = offsetAt(time + STEP_MS);
    if (next === offset) continue;
    const change = changeBetween(offsetAt, time, time + STEP_MS);
    if (change > start && change < end) earlier.push({ from, to: change, offsetMs: offset, beforeMs: before });
    if (change < end) [from, before, offset] = [change, offset, next];
  }
  return { earlier, last: { from, to: end, offsetMs: offset, beforeMs: before } };
}

/** The first instant of the offset that holds at `late`. */
function changeBetween(offsetAt: (time: number) => number, early: number, late: number): number {
  let [low, high] = [early, late];
  const offset = offsetAt(late);
  while (high - low > SECOND_MS) {
    const middle = low + Math.floor((high - low) / 2 / SECOND_MS) * SECOND_MS;
    if (offsetAt(middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

function offsets(name: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (time) => {
    const parts = format.format(time).match(/\d+/g) ?? [];
    const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = parts.map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / SECOND_MS) * SECOND_MS;
  };
}
