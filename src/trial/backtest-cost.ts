import { HOUR_MS, MINUTE_MS } from '../lib/duration.ts';
import { laneShare } from '../sources/quota/lanes.ts';
import type { QuotaLimits } from '../sources/source.ts';
import type { BacktestPlan } from './backtest-plan.ts';

/** What a backtest takes from a tenant's quota. */
export interface BacktestCost {
  /** At least: windows that prove too heavy, or that meet the limit of alerts, are asked in pieces. */
  readonly calls: number;
  /** null: the source counts no calls. */
  readonly callsPerHour: number | null;
  /** `calls` by the hourly limit: 2 is all of two hours. null where there is none. */
  readonly shareOfHour: number | null;
  /** How long the quota alone makes it take, in ms. */
  readonly atLeastMs: number;
}

/** Windows, and one look at the columns of each table that the schema does not have. */
export function costOf(plans: readonly BacktestPlan[], limits: QuotaLimits): BacktestCost {
  const unknown = new Set(
    plans.flatMap(({ rule }) => rule.prepared.tables.filter((table) => !table.known).map(({ table }) => table)),
  );
  return costOfCalls(
    plans.reduce((sum, plan) => sum + plan.windows.length, unknown.size),
    limits,
  );
}

/** So many calls in the lowest lane. */
export function costOfCalls(calls: number, { callsPerHour, callsPerMinute }: QuotaLimits): BacktestCost {
  const atLeastMs = Math.max(waits(calls, callsPerHour) * HOUR_MS, waits(calls, callsPerMinute) * MINUTE_MS);
  return { calls, callsPerHour, shareOfHour: callsPerHour === null ? null : calls / callsPerHour, atLeastMs };
}

/** How many full periods pass before the last call may go, in the share of the limit that backtests have. */
function waits(calls: number, limit: number | null): number {
  return limit === null ? 0 : Math.max(0, Math.ceil(calls / (limit * laneShare('backlog'))) - 1);
}
