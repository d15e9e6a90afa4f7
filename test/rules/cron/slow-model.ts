/** What is right, tried minute by minute, with clocks that are read from the runtime alone. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface Change {
  readonly zone: string;
  /** The first instant of the new offset, epoch ms. */
  readonly at: number;
  /** Offsets in ms. */
  readonly before: number;
  readonly after: number;
}

/** An expression, and what its fields name. */
export interface Expression {
  readonly text: string;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** null: every day. */
  readonly weekdays: ReadonlySet<number> | null;
  readonly repeats: boolean;
}

/** Every change of a zone's clocks in `[from, to)`. Two of them lie at least a week apart. */
export function changesOf(zone: string, from: number, to: number): Change[] {
  const offsetAt = readOffsets(zone);
  const changes: Change[] = [];
  let after = offsetAt(from);
  for (let time = from; time < to; time += 7 * DAY) {
    const before = after;
    after = offsetAt(time + 7 * DAY);
    if (before === after) continue;
    let [low, high] = [time, time + 7 * DAY];
    while (high - low > MINUTE) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    changes.push({ zone, at: high, before, after });
  }
  return changes;
}

function readOffsets(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  return (time) => {
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(format.format(time)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE);
  };
}

/** The runs in `[from, to]`, whole minutes that hold no other change than this one. */
export function runsAround({ at, before, after }: Change, cron: Expression, from: number, to: number): number[] {
  const isNamed = namer(cron);
  const wallOf = (time: number): number => (time + (time < at ? before : after)) / MINUTE;
  const first = (from + Math.min(before, after)) / MINUTE;
  const seen = new Uint8Array((to - from + Math.abs(after - before)) / MINUTE + 1);
  const runs: number[] = [];
  let last = wallOf(from) - 1;
  for (let time = from; time <= to; time += MINUTE) {
    const wall = wallOf(time);
    let isRun = isNamed(wall) && (cron.repeats || !seen[wall - first]);
    for (let skipped = last + 1; skipped < wall; skipped += 1) isRun ||= isNamed(skipped);
    if (isRun) runs.push(time);
    seen[wall - first] = 1;
    last = wall;
  }
  return runs;
}

/** Whether a wall time, in minutes since 1970, is one of the expression. */
function namer({ minutes, hours, weekdays }: Expression): (wall: number) => boolean {
  const times = Array.from({ length: 1440 }, (_, time) => minutes.has(time % 60) && hours.has(Math.floor(time / 60)));
  const days = Array.from({ length: 7 }, (_, day) => weekdays?.has(day) ?? true);
  return (wall) => times[wall % 1440] === true && days[(Math.floor(wall / 1440) + 4) % 7] === true;
}
