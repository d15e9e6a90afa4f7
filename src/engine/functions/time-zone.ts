import { datetimeOf } from '../values/calendar.ts';
import type { Integer } from '../values/integer.ts';
import { subtract } from '../values/integer.ts';
import { addTicks, DAY, subtractTicks, unixOfDatetime } from '../values/ticks.ts';

const formats = new Map<string, Intl.DateTimeFormat | null>();

function createFormat(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  let format = formats.get(zone);
  if (format === undefined) {
    format = createFormat(zone);
    if (formats.size < 600) formats.set(zone, format);
  }
  return format;
}

/** Ticks that the zone's clock is ahead of UTC at the given instant; null for an unknown zone. */
function offsetAt(utc: Integer, zone: string): Integer | null {
  const milliseconds = unixOfDatetime(utc);
  const parts = formatOf(zone)?.formatToParts(milliseconds);
  if (!parts) return null;
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const [year, month, day, hour] = [read('year'), read('month'), read('day'), read('hour')];
  const local = datetimeOf({ year, month, day, hour, minute: read('minute'), second: read('second'), ticks: 0 });
  const whole = subtractTicks(utc, Number(((BigInt(utc) % 10_000_000n) + 10_000_000n) % 10_000_000n));
  return local === null || whole === null ? null : subtract(local, whole);
}

export function localOfUtc(utc: Integer, zone: string): Integer | null {
  const offset = offsetAt(utc, zone);
  return offset === null ? null : addTicks(utc, offset);
}

/**
 * The instant at which the zone's clock shows the given time. Of an hour that comes twice it is the later one (standard time), in an
 * hour that is skipped the offset after the jump counts.
 */
export function utcOfLocal(local: Integer, zone: string): Integer | null {
  const around = [subtractTicks(local, DAY), addTicks(local, DAY)];
  const offsets = around.map((instant) => (instant === null ? null : offsetAt(instant, zone)));
  const known = offsets.filter((offset) => offset !== null).map(Number);
  const fitting = known.filter((offset) => {
    const instant = subtractTicks(local, offset);
    return instant !== null && offsetAt(instant, zone) === offset;
  });
  if (known.length === 0) return null;
  return subtractTicks(local, fitting.length > 0 ? Math.min(...fitting) : Math.max(...known));
}
