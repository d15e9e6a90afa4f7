import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { LANES, type Lane } from '../../sources/quota/lanes.ts';
import { phaseOf, type Timetable, timetableOf } from '../schedule.ts';

export const PLANNED_DAYS = 7;
const MINUTES = (PLANNED_DAYS * DAY_MS) / MINUTE_MS;
const SECONDS = (PLANNED_DAYS * DAY_MS) / SECOND_MS;
const MINUTE_SECONDS = MINUTE_MS / SECOND_MS;

/** Calls that schedules ask for in each minute of a week, by lane: each run one. */
export interface MinuteLoad {
  /** Where the first minute begins: a day in UTC. */
  readonly from: number;
  readonly lanes: Readonly<Record<Lane, Uint32Array>>;
  /** The same by seconds, of the lanes that have rules. */
  readonly seconds: ReadonlyMap<Lane, Uint32Array>;
}

/** What the rules ask for in the week that begins with the day of `now`. Runs are due at whole seconds. */
export function minuteLoad(rules: readonly RunnableRule[], now: number): MinuteLoad {
  const from = Math.floor(now / DAY_MS) * DAY_MS;
  const seconds = new Map<Lane, Uint32Array>();
  for (const { rule, count } of alike(rules)) {
    const { schedule, severity, id } = rule;
    const calls = seconds.get(severity) ?? new Uint32Array(SECONDS);
    seconds.set(severity, calls);
    if (schedule.kind === 'cron') for (const time of timesOf(timetableOf(rule), from)) add(calls, time - from, count);
    else addEvery(calls, from, { everyMs: schedule.everyMs, phase: phaseOf(id, schedule.everyMs), count });
  }
  const lanes = LANES.map((lane) => [lane, minutesOf(seconds.get(lane))]);
  return { from, lanes: Object.fromEntries(lanes) as Record<Lane, Uint32Array>, seconds };
}

interface AlikeRules {
  readonly rule: RunnableRule;
  count: number;
}

/** Of rules in one lane that are due at the same times one, and how many they are: thousands of rules have few times. */
function alike(rules: readonly RunnableRule[]): Iterable<AlikeRules> {
  const found = new Map<string, AlikeRules>();
  for (const rule of rules) {
    const { schedule, severity, id, effectiveShape, lookbackMs } = rule;
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

function addEvery(
  calls: Uint32Array,
  from: number,
  { everyMs, phase, count }: { readonly everyMs: number; readonly phase: number; readonly count: number },
): void {
  const first = Math.ceil((from - phase) / everyMs) * everyMs + phase - from;
  for (let time = first; time < SECONDS * SECOND_MS; time += everyMs) add(calls, time, count);
}

function add(calls: Uint32Array, time: number, count: number): void {
  const second = Math.floor(time / SECOND_MS);
  calls[second] = (calls[second] ?? 0) + count;
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
