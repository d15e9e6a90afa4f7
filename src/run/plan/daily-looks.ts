import { DAY_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { arrivalTables, latestLook } from '../arrivals/arrival-tables.ts';
import { isSwept, sweepTimetable } from '../sweep/sweep-view.ts';

/** What is asked once a day or week beside the schedules: sweeps of streams, counts of late arrivals and probes of tables. */
export interface DailyLooks {
  /** Whose: looks of several tenants do not meet. */
  readonly tenant: string;
  /** Rules that are swept. */
  readonly sweeps: readonly string[];
  readonly counted: readonly string[];
  readonly probed: readonly string[];
  /** A mean: probes are made once a week. */
  readonly callsPerDay: number;
}

const WEEK_DAYS = 7;

export function dailyLooks(tenant: string, rules: readonly RunnableRule[]): DailyLooks {
  const sweeps = rules.filter((rule) => rule.status !== 'disabled' && isSwept(rule)).map(({ id }) => id);
  const tables = arrivalTables(rules);
  const counted = tables.filter(({ sets }) => sets.length > 0).map(({ table }) => table);
  const probed = tables.filter(({ byArrival }) => byArrival).map(({ table }) => table);
  const callsPerDay = sweeps.length + counted.length + probed.length / WEEK_DAYS;
  return { tenant, sweeps, counted, probed, callsPerDay };
}

/** When they are asked in the week that begins at `from`, ms since then; probes as if all were due on its first day. */
export function lookTimes({ tenant, sweeps, counted, probed }: DailyLooks, from: number): readonly number[] {
  const days = Array.from({ length: WEEK_DAYS }, (_, day) => day * DAY_MS);
  const inFirst = (time: number): number => time - from;
  const swept = sweeps.map((id) => inFirst(sweepTimetable(id).latest(from + DAY_MS - 1) ?? from));
  const tables = (names: readonly string[]) =>
    names.map((table) => inFirst(latestLook(tenant, table, from + DAY_MS - 1)));
  return [...days.flatMap((day) => [...swept, ...tables(counted)].map((time) => time + day)), ...tables(probed)];
}
