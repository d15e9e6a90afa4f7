import { type CronFields, type CronSchedule, cronFieldsOf } from './cron-fields.ts';
import { type Stretch, type TimeZone, timeZone } from './time-zone.ts';
import { wallTimeFrom, wallTimeUntil } from './wall-times.ts';

/**
 * The runs of a cron expression in a zone whose clocks are changed. Every instant whose wall time the expression names is a run. Of
 * wall times that come twice both are where the hour field is `*`, a step or a range, else the first. A wall time that is skipped is
 * run at the first instant after it. Times are epoch ms.
 */
export interface CronGrid {
  /** The first run after `time`; null where there is none any more. */
  next(time: number): number | null;
  /** The latest run at or before `time`; null where there was none. */
  latest(time: number): number | null;
  /** What the clocks of the zone show at `time`: ms as if in UTC. */
  wall(time: number): number;
}

/** Throws where its text is no cron expression, or its zone has no such name. */
export function cronGrid(schedule: CronSchedule): CronGrid {
  const cron = cronFieldsOf(schedule);
  const zone = timeZone(schedule.timezone);
  return {
    next: (time) => nextRun(cron, zone, time),
    latest: (time) => latestRun(cron, zone, time),
    wall: (time) => time + zone.stretchAt(time).offsetMs,
  };
}

function nextRun(cron: CronFields, zone: TimeZone, time: number): number | null {
  for (let at = Math.floor(time) + 1; ; ) {
    const stretch = zone.stretchAt(at);
    if (at === stretch.from && namesSkipped(cron, stretch)) return at;
    const wall = wallTimeFrom(cron, Math.max(at, firstNew(cron, stretch)) + stretch.offsetMs);
    if (wall === null) return null;
    const run = wall - stretch.offsetMs;
    if (run < stretch.to) return run;
    at = stretch.to;
  }
}

function latestRun(cron: CronFields, zone: TimeZone, time: number): number | null {
  for (let at = Math.floor(time); ; ) {
    const stretch = zone.stretchAt(at);
    const wall = wallTimeUntil(cron, at + stretch.offsetMs);
    if (wall === null) return null;
    const run = wall - stretch.offsetMs;
    if (run >= firstNew(cron, stretch)) return run;
    if (namesSkipped(cron, stretch)) return stretch.from;
    at = stretch.from - 1;
  }
}

/** The first instant of a stretch whose wall time may be a run: what clocks that were put back show again is not always. */
function firstNew(cron: CronFields, { from, offsetMs, beforeMs }: Stretch): number {
  return cron.repeats ? from : Math.max(from, from + beforeMs - offsetMs);
}

/** Whether clocks that were put forward at the begin of a stretch skipped a wall time of the expression. */
function namesSkipped(cron: CronFields, { from, offsetMs, beforeMs }: Stretch): boolean {
  if (beforeMs >= offsetMs) return false;
  const wall = wallTimeFrom(cron, from + beforeMs);
  return wall !== null && wall < from + offsetMs;
}
