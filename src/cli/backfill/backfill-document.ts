import type { ErrorCode, HuntwireError } from '../../lib/errors.ts';
import type { DrainCounts } from '../../outbox/delivery-loop.ts';
import type { RunReport } from '../../run/run-rule.ts';
import type { BackfillWish } from '../../state/store.ts';
import type { BackfillEstimate } from './estimate.ts';

/** What a backfill comes to, counted as it goes. */
export interface BackfillSum {
  readonly tenant: string;
  readonly rule: string;
  readonly wish: BackfillWish;
  readonly estimate: BackfillEstimate;
  /** That were left to be asked. */
  readonly windows: number;
  /** Windows that were answered. */
  asked: number;
  /** Windows that failed too often. */
  leftOut: number;
  rows: number;
  hits: number;
  alerts: number;
  add(report: RunReport): void;
}

export interface BackfillReport extends Omit<BackfillSum, 'add'> {
  readonly dryRun?: boolean;
  /** Whether it goes on still. */
  readonly running?: boolean;
  readonly deliveries?: readonly DrainCounts[];
  readonly stopped?: HuntwireError | null;
}

export function startSum(tenant: string, rule: string, wish: BackfillWish, estimate: BackfillEstimate): BackfillSum {
  const sum: BackfillSum = {
    ...{ tenant, rule, wish, estimate, windows: estimate.windows, asked: 0, leftOut: 0, rows: 0, hits: 0, alerts: 0 },
    add: ({ run, commit }) => {
      if (run.outcome === 'ok') sum.asked += 1;
      sum.leftOut = commit.rule.backfill?.leftOut ?? 0;
      sum.rows += run.rows;
      sum.hits += run.hits;
      sum.alerts += run.alerts;
    },
  };
  return sum;
}

/** As machine output and actions have it. */
export interface BackfillDocument {
  readonly tenant: string;
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  readonly noLimit: boolean;
  readonly retell: readonly 'excepted'[];
  readonly dryRun: boolean;
  readonly resumedAt: string | null;
  readonly cost: {
    readonly calls: number;
    readonly callsPerHour: number | null;
    readonly shareOfHour: number | null;
  };
  readonly windows: { readonly planned: number; readonly asked: number; readonly leftOut: number };
  readonly rows: number;
  readonly hits: number;
  readonly alerts: number;
  readonly deliveries: readonly DrainCounts[];
  readonly running: boolean;
  readonly done: boolean;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

export function backfillDocument(report: BackfillReport): BackfillDocument {
  const { tenant, rule, wish, estimate, windows, asked, leftOut, rows, hits, alerts } = report;
  const { dryRun = false, running = false, deliveries = [], stopped = null } = report;
  const { calls, callsPerHour, shareOfHour } = estimate.cost;
  return {
    ...{ tenant, rule, from: iso(wish.from), to: iso(wish.to), noLimit: wish.noLimit },
    retell: wish.retell ? ['excepted'] : [],
    dryRun,
    resumedAt: estimate.resumesAt === null ? null : iso(estimate.resumesAt),
    cost: { calls, callsPerHour, shareOfHour },
    windows: { planned: windows, asked, leftOut },
    ...{ rows, hits, alerts, deliveries, running, done: !dryRun && !running && stopped === null },
    error: stopped && { code: stopped.code, message: stopped.message },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** What the audit says of one. */
export function backfillWords(tenant: string, { from, to, noLimit, retell }: BackfillWish) {
  return { tenant, from: new Date(from).toISOString(), to: new Date(to).toISOString(), noLimit, retell };
}
