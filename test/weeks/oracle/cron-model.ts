import { changesOf, offsetOf } from '../world/wall-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

interface Fields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly dates: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** One hour or a list of them: in a repeated hour it runs the first time only. */
  readonly singleHours: boolean;
  /** Both fields of days are narrowed: either may fit. */
  readonly eitherDay: boolean;
}

/**
 * The runs of a five-field cron in `[from, to)`, minute by minute: every instant whose wall time matches; in a repeated hour once, the
 * first time, where the hour field is one hour or a list, else both times; a wall time that is skipped is the first instant behind the gap.
 */
export function cronTimes(cron: string, zone: string, from: number, to: number): readonly number[] {
  const fields = fieldsOf(cron);
  const times: number[] = [];
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS)
    times.push(...timesOfDay(cron, fields, zone, day));
  return times.filter((time) => time >= from && time < to);
}

const known = new Map<string, readonly number[]>();

function timesOfDay(cron: string, fields: Fields, zone: string, day: number): readonly number[] {
  const key = `${cron} ${zone} ${day}`;
  const before = known.get(key);
  if (before) return before;
  if (known.size > 20_000) known.clear();
  const times = searchDay(fields, zone, day);
  known.set(key, times);
  return times;
}

function searchDay(fields: Fields, zone: string, day: number): readonly number[] {
  const changes = changesOf(zone, day - DAY_MS, day + DAY_MS);
  const times = new Set<number>();
  for (let time = day; time < day + DAY_MS; time += MINUTE_MS) {
    const asUtc = time + offsetOf(zone, time);
    if (matches(fields, asUtc) && !(fields.singleHours && isRepeated(zone, time, changes))) times.add(time);
  }
  for (const change of changes.filter((one) => one >= day && one < day + DAY_MS)) {
    const [before, after] = [offsetOf(zone, change - 1), offsetOf(zone, change)];
    for (let skipped = change + before; skipped < change + after; skipped += MINUTE_MS) {
      if (matches(fields, skipped)) times.add(change);
    }
  }
  return [...times].sort((a, b) => a - b);
}

function matches(fields: Fields, asUtc: number): boolean {
  const minuteOfDay = Math.floor(asUtc / MINUTE_MS) % 1440;
  if (!fields.minutes.has(minuteOfDay % 60) || !fields.hours.has(Math.floor(minuteOfDay / 60))) return false;
  const date = new Date(asUtc);
  if (!fields.months.has(date.getUTCMonth() + 1)) return false;
  const [dateFits, dayFits] = [fields.dates.has(date.getUTCDate()), fields.days.has(date.getUTCDay())];
  return fields.eitherDay ? dateFits || dayFits : dateFits && dayFits;
}

/** Whether this wall time was there once before, on the other side of a change. */
function isRepeated(zone: string, time: number, changes: readonly number[]): boolean {
  return changes.some((change) => {
    const back = offsetOf(zone, change - 1) - offsetOf(zone, change);
    return back > 0 && change <= time && time < change + back;
  });
}

function fieldsOf(cron: string): Fields {
  const [minutes = '', hours = '', dates = '', months = '', days = ''] = cron.trim().split(/\s+/);
  const dayNumbers = numbersOf(days, 7);
  return {
    minutes: numbersOf(minutes, 59),
    hours: numbersOf(hours, 23),
    dates: numbersOf(dates, 31),
    months: numbersOf(months, 12),
    days: new Set([...dayNumbers].map((day) => day % 7)),
    singleHours: /^\d+(,\d+)*$/.test(hours),
    eitherDay: dates !== '*' && days !== '*',
  };
}

function numbersOf(field: string, most: number): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const [low = 0, high] = range === '*' ? [0, most] : range.split('-').map(Number);
    const last = high ?? (step ? most : low);
    for (let number = low; number <= last; number += Number(step ?? 1)) numbers.add(number);
  }
  return numbers;
}

/** Times of a set's grid: between two runs further apart than the lookback only because clocks changed, more at the earlier one + k × lookback. */
export function withExtraRuns(times: readonly number[], zone: string, lookbackMs: number): readonly number[] {
  const all = new Set<number>();
  times.forEach((time, index) => {
    all.add(time);
    const next = times[index + 1];
    if (next === undefined) return;
    const wallDistance = next + offsetOf(zone, next) - (time + offsetOf(zone, time));
    if (wallDistance > lookbackMs) return;
    for (let extra = time + lookbackMs; extra < next; extra += lookbackMs) all.add(extra);
  });
  return [...all].sort((a, b) => a - b);
}
