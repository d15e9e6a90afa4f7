import { idInAlerts } from '../../alerts/alert-id.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { LANES, type Lane } from '../../sources/quota/lanes.ts';
import { intervalOf, phaseOf, type Timetable, timetableOf } from '../schedule.ts';
import { type DailyLooks, lookTimes } from './daily-looks.ts';

export const PLANNED_DAYS = 7;
const MINUTES = (PLANNED_DAYS * DAY_MS) / MINUTE_MS;
const SECONDS = (PLANNED_DAYS * DAY_MS) / SECOND_MS;
const MINUTE_SECONDS = MINUTE_MS / SECOND_MS;

/** Calls that schedules ask for in each minute of a week, by lane: each run one, and what is asked beside them once a day. */
export interface MinuteLoad {
  /** Where the first minute begins: a day in UTC. */
  readonly from: number;
  readonly lanes: Readonly<Record<Lane, Uint32Array>>;
  /** The same by lane and interval, of those that have rules. */
  readonly queues: readonly LaneQueue[];
  /** The same by seconds, of the lanes that have rules. */
  readonly seconds: ReadonlyMap<Lane, Uint32Array>;
}

/** Calls of the rules of one lane that have one interval: they wait alike. */
export interface LaneQueue {
  readonly lane: Lane;
  readonly intervalMs: number;
  readonly minutes: Uint32Array;
}

/** What the rules ask for in the week that begins with the day of `now`. Runs are due at whole seconds. */
export function minuteLoad(rules: readonly RunnableRule[], looks: DailyLooks, now: number): MinuteLoad {
  const from = Math.floor(now / DAY_MS) * DAY_MS;
  const seconds = new Map<Lane, Uint32Array>();
  const queues = new Map<string, LaneQueue>();
  for (const { rule, count } of alike(rules)) {
    const { schedule, severity: lane, id } = rule;
    const calls = seconds.get(lane) ?? new Uint32Array(SECONDS);
    seconds.set(lane, calls);
    const { minutes } = queueOf(queues, lane, intervalOf(rule));
    const add = (time: number): void => {
      const second = Math.floor(time / SECOND_MS);
      const minute = Math.floor(second / MINUTE_SECONDS);
      calls[second] = (calls[second] ?? 0) + count;
      minutes[minute] = (minutes[minute] ?? 0) + count;
    };
    if (schedule.kind === 'cron') for (const time of timesOf(timetableOf(rule), from)) add(time - from);
    else eachTime(from, schedule.everyMs, phaseOf(id, schedule.everyMs), add);
  }
  for (const time of lookTimes(looks, from)) addCall(seconds, queues, time);
  const lanes = LANES.map((lane) => [lane, minutesOf(seconds.get(lane))]);
  return { from, lanes: Object.fromEntries(lanes) as Record<Lane, Uint32Array>, queues: [...queues.values()], seconds };
}

/** One call in the lowest lane. */
function addCall(seconds: Map<Lane, Uint32Array>, queues: Map<string, LaneQueue>, time: number): void {
  const calls = seconds.get('backlog') ?? new Uint32Array(SECONDS);
  seconds.set('backlog', calls);
  const { minutes } = queueOf(queues, 'backlog', DAY_MS);
  const second = Math.floor(time / SECOND_MS);
  const minute = Math.floor(second / MINUTE_SECONDS);
  calls[second] = (calls[second] ?? 0) + 1;
  minutes[minute] = (minutes[minute] ?? 0) + 1;
}

function queueOf(queues: Map<string, LaneQueue>, lane: Lane, intervalMs: number): LaneQueue {
  const key = `${lane} ${intervalMs}`;
  const queue = queues.get(key) ?? { lane, intervalMs, minutes: new Uint32Array(MINUTES) };
  queues.set(key, queue);
  return queue;
}

interface AlikeRules {
  readonly rule: RunnableRule;
  count: number;
}

/** Of rules in one lane that are due at the same times one, and how many they are: thousands of rules have few times. */
function alike(rules: readonly RunnableRule[]): Iterable<AlikeRules> {
  const found = new Map<string, AlikeRules>();
  for (const rule of rules) {
    const { schedule, severity, effectiveShape, lookbackMs } = rule;
    const id = idInAlerts(rule);
    const own =
      schedule.kind === 'every' ? phaseOf(id, schedule.everyMs) : effectiveShape === 'set' ? lookbackMs : null;
    const key = JSON.stringify([severity, schedule, own]);
    const same = found.get(key);
    if (same) same.count += 1;
    else found.set(key, { rule, count: 1 });
  }
  return found.values();
}

function minutesOf(seconds: Uint32Array | undefined): Uint32Array {
  const minutes = new Uint32Array(MINUTES);
  if (!seconds) return minutes;
  for (let minute = 0, second = 0; minute < MINUTES; minute++) {
    let calls = 0;
    for (const end = second + MINUTE_SECONDS; second < end; second++) calls += seconds[second] as number;
    minutes[minute] = calls;
  }
  return minutes;
}

function eachTime(from: number, everyMs: number, phase: number, add: (time: number) => void): void {
  const first = Math.ceil((from - phase) / everyMs) * everyMs + phase - from;
  for (let time = first; time < SECONDS * SECOND_MS; time += everyMs) add(time);
}

function timesOf(timetable: Timetable, from: number): readonly number[] {
  const until = from + SECONDS * SECOND_MS;
  const times: number[] = [];
  for (let time = timetable.next(from - 1); time !== null && time < until; time = timetable.next(time))
    times.push(time);
  return times;
}

/** Calls of several lanes together. */
export function totalLoad(lanes: readonly Uint32Array[]): Uint32Array {
  const [first = new Uint32Array(0), ...others] = lanes;
  if (others.length === 0) return first;
  const total = Uint32Array.from(first);
  for (const calls of others) {
    for (let index = 0; index < total.length; index++)
      total[index] = (total[index] as number) + (calls[index] as number);
  }
  return total;
}

/** The span in which most calls are asked for. */
export interface Crowd {
  /** Epoch ms of its first call. */
  readonly at: number;
  readonly calls: number;
}

/** Wherever it begins, as the quota counts; of several the first. Where nothing runs, it is empty. */
export function worstCrowd(seconds: Uint32Array, from: number, spanMs: number): Crowd {
  const length = spanMs / SECOND_MS;
  let [inSpan, worst, last] = [0, 0, 0];
  for (let second = 0; second < seconds.length; second++) {
    inSpan += seconds[second] as number;
    if (second >= length) inSpan -= seconds[second - length] as number;
    if (inSpan <= worst) continue;
    worst = inSpan;
    last = second;
  }
  let first = Math.max(0, last - length + 1);
  while (first < last && seconds[first] === 0) first += 1;
  return { at: from + first * SECOND_MS, calls: worst };
}
