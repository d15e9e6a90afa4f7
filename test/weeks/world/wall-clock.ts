const STEP_MS = 15 * 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

/** What a zone's clocks are ahead of UTC, ms: looked up a quarter of an hour at a time, which no change of clocks divides. */
export function offsetOf(zone: string, time: number): number {
  const step = Math.floor(time / STEP_MS);
  const known = offsets.get(zone) ?? new Map<number, number>();
  offsets.set(zone, known);
  let offset = known.get(step);
  if (offset === undefined) {
    offset = askOffset(zone, step * STEP_MS);
    known.set(step, offset);
  }
  return offset;
}

function askOffset(zone: string, time: number): number {
  let format = formats.get(zone);
  if (!format) {
    const numeric = 'numeric' as const;
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const field = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return (
    Date.UTC(field('year'), field('month') - 1, field('day'), field('hour'), field('minute'), field('second')) - time
  );
}

/** Instants in `[from, to)` at which the clocks of a zone change. */
export function changesOf(zone: string, from: number, to: number): readonly number[] {
  const found: number[] = [];
  const day = 86_400_000;
  for (let start = from; start < to; start += day) {
    const end = Math.min(start + day, to);
    if (offsetOf(zone, start) === offsetOf(zone, end)) continue;
    for (let time = Math.ceil(start / STEP_MS) * STEP_MS; time <= end; time += STEP_MS) {
      if (offsetOf(zone, time) !== offsetOf(zone, time - 1)) found.push(time);
    }
  }
  return found;
}
