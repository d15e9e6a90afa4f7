import { DAY_MS, MINUTE_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { LANES, type Lane } from '../../sources/quota/lanes.ts';
import { phaseOf, type Timetable, timetableOf } from '../schedule.ts';

export const PLANNED_DAYS = 7;
const MINUTES = (PLANNED_DAYS * DAY_MS) / MINUTE_MS;

/** Calls that schedules ask for in each minute of a week, by lane: each run one. */
export interface MinuteLoad {
  /** Where the first minute begins: a day in UTC. */
  readonly from: number;
  readonly lanes: Readonly<Record<Lane, Uint32Array>>;
}

/** What the rules ask for in the week that begins with the day of `now`. */
export function minuteLoad(rules: readonly RunnableRule[], now: number): MinuteLoad {
  const from = Math.floor(now / DAY_MS) * DAY_MS;
  const lanes = Object.fromEntries(LANES.map((lane) => [lane, new Uint32Array(MINUTES)])) as Record<Lane, Uint32Array>;
  const crons = new Map<string, readonly number[]>();
  for (const rule of rules) {
    const minutes = lanes[rule.severity];
    if (rule.schedule.kind === 'cron') for (const time of cronTimes(crons, rule, from)) addAt(minutes, from, time);
    else addInterval(minutes, from, rule.schedule.everyMs, phaseOf(rule.id, rule.schedule.everyMs));
  }
  return { from, lanes };
}

function addInterval(minutes: Uint32Array, from: number, everyMs: number, phase: number): void {
  if (everyMs < MINUTE_MS) addOften(minutes, from, everyMs, phase);
  else addEvery(minutes, from, everyMs, phase);
}

/** By numbers alone: thousands of rules run each minute. */
function addEvery(minutes: Uint32Array, from: number, everyMs: number, phase: number): void {
  const until = from + MINUTES * MINUTE_MS;
  for (let time = Math.ceil((from - phase) / everyMs) * everyMs + phase; time < until; time += everyMs) {
    addAt(minutes, from, time);
  }
}

function addOften(minutes: Uint32Array, from: number, everyMs: number, phase: number): void {
  const before = (time: number): number => Math.ceil((time - phase) / everyMs);
  for (let index = 0; index < minutes.length; index++) {
    const begin = from + index * MINUTE_MS;
    minutes[index] = (minutes[index] ?? 0) + before(begin + MINUTE_MS) - before(begin);
  }
}

function addAt(minutes: Uint32Array, from: number, time: number): void {
  const index = Math.floor((time - from) / MINUTE_MS);
  minutes[index] = (minutes[index] ?? 0) + 1;
}

/** Rules with one cron have the same times, whoever they are. */
function cronTimes(known: Map<string, readonly number[]>, rule: RunnableRule, from: number): readonly number[] {
  const key = JSON.stringify([rule.schedule, rule.effectiveShape === 'set' ? rule.lookbackMs : null]);
  const times = known.get(key) ?? timesOf(timetableOf(rule), from);
  known.set(key, times);
  return times;
}

function timesOf(timetable: Timetable, from: number): readonly number[] {
  const until = from + MINUTES * MINUTE_MS;
  const times: number[] = [];
  for (let time = timetable.next(from - 1); time !== null && time < until; time = timetable.next(time))
    times.push(time);
  return times;
}

/** Calls of all lanes by minute. */
export function totalLoad({ lanes }: MinuteLoad): Uint32Array {
  const total = new Uint32Array(MINUTES);
  for (const minutes of Object.values(lanes)) {
    for (let index = 0; index < MINUTES; index++) total[index] = (total[index] ?? 0) + (minutes[index] ?? 0);
  }
  return total;
}
