import { DAY_MS, formatDuration, HOUR_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import type { RunnableRule, Schedule } from '../rule.ts';
import { cronFieldsOf } from './cron-fields.ts';
import { cronGrid } from './cron-grid.ts';
import { type BetweenRuns, type CronYear, cronYear, lengthOf, scheduleSpacing } from './spacing.ts';

const WEEK_MS = 7 * DAY_MS;

/** Spans that no window of a set rule holds, because its lookback is shorter than the time between some of its runs. */
export interface Pauses {
  /** The longest time between two runs. */
  readonly longestMs: number;
  /** How much is never searched. */
  readonly hoursPerWeek: number;
  /** The first such span that is not over yet, in wall time; null for an interval, where one follows each run. */
  readonly first: BetweenRuns | null;
}

/** null where the windows of the schedule meet. `now` is epoch ms. */
export function pausesOf(schedule: Schedule, lookbackMs: number, now: number): Pauses | null {
  const longestMs = scheduleSpacing(schedule)?.longestMs ?? 0;
  if (longestMs <= lookbackMs) return null;
  if (schedule.kind === 'every') {
    const hoursPerWeek = ((longestMs - lookbackMs) / longestMs) * (WEEK_MS / HOUR_MS);
    return { longestMs, hoursPerWeek, first: null };
  }
  const wall = cronGrid(schedule).wall(now);
  const year = cronYear(cronFieldsOf(schedule), Math.floor((wall - longestMs) / DAY_MS));
  if (!year) return null;
  return { longestMs, hoursPerWeek: hoursPerWeek(year, lookbackMs), first: firstSpan(year, lookbackMs, wall) };
}

/** One sentence that says what the schedule of a set rule leaves out. */
export function pausesText(schedule: Schedule, lookbackMs: number, { longestMs, hoursPerWeek, first }: Pauses): string {
  const lookback = formatDuration(lookbackMs);
  const hours = `${countOf(Number(hoursPerWeek.toFixed(1)), 'hour')} a week`;
  if (schedule.kind === 'every' || !first)
    return `The lookback of ${lookback} is shorter than the ${formatDuration(longestMs)} between runs: the ${formatDuration(longestMs - lookbackMs)} behind each run are never searched, ${hours}.`;
  const span = `${wallText(first.from)} to ${wallText(first.to)} (${schedule.timezone})`;
  return `The lookback of ${lookback} is shorter than the ${formatDuration(longestMs)} between some runs: ${span} is never searched, and in all ${hours}.`;
}

/** What the schedules of these rules leave out and nobody says is meant, a sentence a rule. `now` is epoch ms. */
export function pausesOfRules(
  rules: readonly Pick<RunnableRule, 'id' | 'status' | 'schedule' | 'effectiveShape' | 'lookbackMs'>[],
  now: number,
): readonly { readonly ruleId: string; readonly message: string }[] {
  return rules.flatMap(({ id, status, schedule, effectiveShape, lookbackMs }) => {
    if (status === 'disabled' || effectiveShape !== 'set' || schedule.pauses === 'accepted') return [];
    const pauses = pausesOf(schedule, lookbackMs, now);
    return pauses ? [{ ruleId: id, message: pausesText(schedule, lookbackMs, pauses) }] : [];
  });
}

function hoursPerWeek({ within, nights }: CronYear, lookbackMs: number): number {
  const lost = (all: readonly BetweenRuns[]): number =>
    all.reduce((sum, between) => sum + Math.max(0, lengthOf(between) - lookbackMs), 0);
  const begin = within[0]?.from ?? nights[0]?.from ?? 0;
  const span = (nights.at(-1)?.to ?? begin) - begin;
  return (lost(within) * nights.length + lost(nights)) / HOUR_MS / (span / WEEK_MS);
}

function firstSpan({ within, nights }: CronYear, lookbackMs: number, wall: number): BetweenRuns | null {
  const tooLong = within.filter((between) => lengthOf(between) > lookbackMs);
  for (const night of nights) {
    const shift = dayOf(night.from) - dayOf(within[0]?.from ?? night.from);
    const pauses = [...tooLong.map(({ from, to }) => ({ from: from + shift, to: to + shift })), night];
    const between = pauses.find((one) => lengthOf(one) > lookbackMs && one.to - lookbackMs > wall);
    if (between) return { from: between.from, to: between.to - lookbackMs };
  }
  return null;
}

function dayOf(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** `Friday 2026-11-27 06:00`. */
function wallText(wall: number): string {
  const [day = '', time = ''] = new Date(wall).toISOString().split('T');
  return `${WEEKDAYS[new Date(wall).getUTCDay()]} ${day} ${time.slice(0, 5)}`;
}
