import { DAY_MS, formatDuration, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { type DayCost, fitsQuota } from '../../sources/quota/day-cost.ts';
import { LANES, type Lane, laneShare } from '../../sources/quota/lanes.ts';
import type { QuotaLimits } from '../../sources/source.ts';
import { isLagging } from '../lag.ts';
import { intervalOf, runsPerDay } from '../schedule.ts';
import { type DailyLooks, dailyLooks } from './daily-looks.ts';
import { drain, type LaneWait } from './drain.ts';
import { type Crowd, type MinuteLoad, minuteLoad, PLANNED_DAYS, totalLoad, worstCrowd } from './minute-load.ts';

/** What the schedules of a tenant's rules ask of its quota: the one computation behind `plan`, `doctor` and the start of `run`. */
export interface CallPlan {
  /** Means of a day on which all rules run, with their sweeps and the looks at arrivals. Retries and slices come on top. */
  readonly callsPerMinute: number;
  readonly callsPerHour: number;
  readonly callsPerDay: number;
  /** The sixty seconds, and the hour, of the week ahead for which most calls are asked, wherever they begin. */
  readonly worstMinute: Crowd;
  readonly worstHour: Crowd;
  /** Run time of a day, in minutes; null where no run has told yet how long calls take. */
  readonly runMinutes: number | null;
  /** Of the busiest day of the week ahead (its start in UTC, epoch ms): calls of each hour. */
  readonly day: number;
  readonly hours: readonly number[];
  readonly lanes: readonly LanePlan[];
  readonly findings: readonly PlanFinding[];
  readonly fits: boolean;
  /** Rules by cost, dearest first. */
  readonly costs: readonly DayCost[];
}

export interface LanePlan {
  readonly lane: Lane;
  readonly rules: number;
  readonly callsPerMinute: number;
  readonly callsPerHour: number;
  readonly callsPerDay: number;
  readonly worstMinute: Crowd;
  readonly runMinutes: number | null;
  /** Of each limit that the lane may fill. */
  readonly share: number;
  /** How long its calls wait for the quota at most. */
  readonly longestWaitMs: number;
}

/** What does not fit, and what to change. */
export interface PlanFinding {
  readonly limit: Exclude<keyof QuotaLimits, 'concurrency'> | 'lane';
  readonly message: string;
  readonly fix: string;
}

export interface CallPlanInput {
  /** Name of the tenant. */
  readonly tenant: string;
  readonly quota: QuotaLimits;
  /** Epoch ms. */
  readonly now: number;
  /** Mean run time of the calls of the last day; null where there are none. */
  readonly meanRunMs?: number | null;
}

/** No rule has such an id. */
const BESIDE = 'sweeps, and looks at arrivals';

const LESS_OFTEN = 'Run rules less often, join rules over the same table, or let several go in one call (source.pack).';
const SPREAD = 'Move some crons to other minutes, or write "every", which spreads rules by itself.';

export function planCalls(
  rules: readonly RunnableRule[],
  { tenant, quota, now, meanRunMs = null }: CallPlanInput,
): CallPlan {
  const running = rules.filter((rule) => rule.status !== 'disabled');
  const looks = dailyLooks(tenant, running);
  const beside = { ruleId: BESIDE, calls: looks.callsPerDay };
  const fit = fitsQuota(
    [...running.map((rule) => ({ ruleId: rule.id, calls: runsPerDay(rule.schedule, now) })), beside],
    quota,
  );
  const costs = fit.costs.filter((cost) => cost !== beside);
  const callsPerDay = fit.costs.reduce((sum, cost) => sum + cost.calls, 0);
  const load = minuteLoad(running, looks, now);
  const waits = fit.fits ? drain(load, quota) : [];
  const runMs = meanRunMs === null ? null : meanRunMs * callsPerDay;
  const findings = [
    ...fit.findings.map(({ limit, message }) => ({ limit, message, fix: LESS_OFTEN })),
    ...runTimeFindings(runMs, quota),
    ...waitFindings(running, waits),
  ];
  return {
    ...ratesOf(callsPerDay, meanRunMs),
    ...busiest(load),
    lanes: [...lanePlans(running, costs, { load, waits, meanRunMs }), ...lookPlan(looks, { load, waits, meanRunMs })],
    findings,
    fits: findings.length === 0,
    costs,
  };
}

function ratesOf(
  callsPerDay: number,
  meanRunMs: number | null,
): Pick<LanePlan, 'callsPerMinute' | 'callsPerHour' | 'callsPerDay' | 'runMinutes'> {
  return {
    callsPerMinute: (callsPerDay * MINUTE_MS) / DAY_MS,
    callsPerHour: (callsPerDay * HOUR_MS) / DAY_MS,
    callsPerDay,
    runMinutes: meanRunMs === null ? null : (meanRunMs * callsPerDay) / MINUTE_MS,
  };
}

function busiest(load: MinuteLoad): Pick<CallPlan, 'worstMinute' | 'worstHour' | 'day' | 'hours'> {
  const total = totalLoad(Object.values(load.lanes));
  const seconds = totalLoad([...load.seconds.values()]);
  const days = Array.from({ length: PLANNED_DAYS }, (_, day) => hoursOf(total, day));
  const sums = days.map((hours) => hours.reduce((sum, calls) => sum + calls, 0));
  const day = sums.indexOf(Math.max(...sums));
  return {
    worstMinute: worstCrowd(seconds, load.from, MINUTE_MS),
    worstHour: worstCrowd(seconds, load.from, HOUR_MS),
    day: load.from + day * DAY_MS,
    hours: days[day] ?? [],
  };
}

function hoursOf(total: Uint32Array, day: number): readonly number[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const begin = (day * 24 + hour) * 60;
    return total.subarray(begin, begin + 60).reduce((sum, calls) => sum + calls, 0);
  });
}

interface LaneFigures {
  readonly load: MinuteLoad;
  readonly waits: readonly LaneWait[];
  readonly meanRunMs: number | null;
}

const NOTHING = new Uint32Array(0);

function lanePlans(
  rules: readonly RunnableRule[],
  costs: readonly DayCost[],
  { load, waits, meanRunMs }: LaneFigures,
): readonly LanePlan[] {
  const calls = new Map(costs.map((cost) => [cost.ruleId, cost.calls]));
  return LANES.flatMap((lane) => {
    const own = rules.filter((rule) => rule.severity === lane);
    if (own.length === 0) return [];
    const callsPerDay = own.reduce((sum, rule) => sum + (calls.get(rule.id) ?? 0), 0);
    const longestWaitMs = Math.max(0, ...waits.filter((wait) => wait.lane === lane).map((wait) => wait.longestMs));
    const worstMinute = worstCrowd(load.seconds.get(lane) ?? NOTHING, load.from, MINUTE_MS);
    const rates = ratesOf(callsPerDay, meanRunMs);
    return [{ lane, rules: own.length, ...rates, worstMinute, share: laneShare(lane), longestWaitMs }];
  });
}

/** What is asked once a day goes with what catches up. */
function lookPlan({ sweeps, callsPerDay }: DailyLooks, { load, waits, meanRunMs }: LaneFigures): readonly LanePlan[] {
  const lane = 'backlog';
  if (callsPerDay === 0) return [];
  const longestWaitMs = Math.max(0, ...waits.filter((wait) => wait.lane === lane).map((wait) => wait.longestMs));
  const worstMinute = worstCrowd(load.seconds.get(lane) ?? NOTHING, load.from, MINUTE_MS);
  const rates = ratesOf(callsPerDay, meanRunMs);
  return [{ lane, rules: sweeps.length, ...rates, worstMinute, share: laneShare(lane), longestWaitMs }];
}

function runTimeFindings(runMs: number | null, quota: QuotaLimits): readonly PlanFinding[] {
  if (runMs === null) return [];
  const limits = [
    ['runSecondsPerHour', (runMs * HOUR_MS) / DAY_MS, 'an hour'],
    ['runSecondsPerDay', runMs, 'a day'],
  ] as const;
  return limits.flatMap(([limit, plannedMs, per]) => {
    const allowed = quota[limit];
    if (allowed === null || plannedMs <= allowed * SECOND_MS) return [];
    const planned = formatDuration(Math.ceil(plannedMs / SECOND_MS) * SECOND_MS);
    const message = `At the run time of the last day's calls, the rules need ${planned} ${per} and the quota allows ${formatDuration(allowed * SECOND_MS)}.`;
    return [{ limit, message, fix: LESS_OFTEN }];
  });
}

/** Calls that wait so long that their rules would be told as lagging. */
function waitFindings(rules: readonly RunnableRule[], waits: readonly LaneWait[]): readonly PlanFinding[] {
  return waits.flatMap(({ lane, intervalMs, longestMs, at }) => {
    if (!isLagging(longestMs, intervalMs, false)) return [];
    const lagging = rules.filter((rule) => rule.severity === lane && intervalOf(rule) === intervalMs);
    const [first] = lagging;
    if (!first) return [];
    const others = lagging.length === 1 ? '' : ` and ${lagging.length - 1} more`;
    const message = `Calls of ${lane} rules that are due at ${new Date(at).toISOString()} wait up to ${formatDuration(longestMs)} for the quota: ${first.id}${others} would be lagging.`;
    return [{ limit: 'lane', message, fix: SPREAD } as const];
  });
}
