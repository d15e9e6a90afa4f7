import { TRAITS } from '../rule-text.ts';
import type { RuleSpec } from '../scenario.ts';
import { offsetOf } from '../world/wall-clock.ts';
import { cronTimes, withExtraRuns } from './cron-model.ts';

/** Times at which a rule is due, epoch ms, in `[from, to)`. Where an interval's grid lies is told by any one time of it. */
export function dueTimes(spec: RuleSpec, onGrid: number, from: number, to: number): readonly number[] {
  const { schedule } = spec;
  if ('every' in schedule) {
    const every = schedule.every * 1000;
    const times: number[] = [];
    for (let time = onGrid + Math.ceil((from - onGrid) / every) * every; time < to; time += every) times.push(time);
    return times;
  }
  const times = cronTimes(schedule.cron, schedule.timezone, from - MARGIN_MS, to);
  const isSet = TRAITS[spec.family].shape === 'set';
  const grid = isSet ? withExtraRuns(times, schedule.timezone, (spec.lookback ?? 0) * 1000) : times;
  return grid.filter((time) => time >= from && time < to);
}

/** Room for the run before, which extra ones follow. */
const MARGIN_MS = 4 * 86_400_000;
const DAY_MS = 86_400_000;
/** How far behind the due time a run asks: what the basis of its windows says. */
export function delayMs(spec: RuleSpec): number {
  if (spec.family === 'snapshot') return 0;
  return spec.basis === 'event' ? 5 * 60_000 : 2 * 60_000;
}

/** The longest time between two runs, roughly: what a rule may be behind without anybody being at fault. */
export function longestInterval(spec: RuleSpec, onGrid: number, around: number): number {
  const times = dueTimes(spec, onGrid, around - 4 * 86_400_000, around + 4 * 86_400_000);
  return Math.max(0, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

/** Away from changes of clocks: these bring two runs together for once, and make nobody late. */
export function shortestInterval({ schedule }: Pick<RuleSpec, 'schedule'>, around: number): number {
  if ('every' in schedule) return schedule.every * 1000;
  const { cron, timezone } = schedule;
  const times = cronTimes(cron, timezone, around - 4 * 86_400_000, around + 4 * 86_400_000);
  const calm = times.filter((time) => offsetOf(timezone, time - DAY_MS) === offsetOf(timezone, time + DAY_MS));
  return Math.min(...calm.slice(1).map((time, index) => time - (calm[index] ?? time)));
}
