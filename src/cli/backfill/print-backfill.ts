import type { HuntwireError } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import type { DrainCounts } from '../../outbox/delivery-loop.ts';
import type { RunReport } from '../../run/run-rule.ts';
import type { BackfillWish } from '../../state/store.ts';
import { printJson, printLine } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
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

export function printBackfill(world: World, format: string, report: BackfillReport): void {
  if (format === 'json') printJson(world, documentOf(report));
  else if (!report.dryRun) printText(world, report);
}

function documentOf(report: BackfillReport): unknown {
  const { tenant, rule, wish, estimate, windows, asked, leftOut, rows, hits, alerts } = report;
  const { dryRun = false, deliveries = [], stopped = null } = report;
  const { calls, callsPerHour, shareOfHour } = estimate.cost;
  return {
    ...{
      tenant,
      rule,
      from: iso(wish.from),
      to: iso(wish.to),
      noLimit: wish.noLimit,
      retell: wish.retell ? ['excepted'] : [],
      dryRun,
    },
    resumedAt: estimate.resumesAt === null ? null : iso(estimate.resumesAt),
    cost: { calls, callsPerHour, shareOfHour },
    windows: { planned: windows, asked, leftOut },
    ...{ rows, hits, alerts, deliveries, done: !dryRun && stopped === null },
    error: stopped && { code: stopped.code, message: stopped.message },
  };
}

function printText(
  world: World,
  { rule, wish, asked, leftOut, rows, hits, alerts, stopped, deliveries = [] }: BackfillReport,
): void {
  const found = `${countOf(rows, 'row')}, ${countOf(hits, 'hit')}, ${countOf(alerts, 'alert')}`;
  printLine(world, `${countOf(asked, 'window')} searched: ${found}.`);
  if (leftOut > 0)
    printLine(world, `${countOf(leftOut, 'window')} failed five times and stay as they were: huntwire gaps ${rule}`);
  for (const { target, delivered, pending, dead } of deliveries)
    printLine(world, `${target}: ${delivered} delivered, ${pending} pending, ${dead} dead`);
  if (!stopped) return;
  printLine(world, `${stopped.message} What was searched is kept. Go on with:`);
  const more = [...(wish.noLimit ? ['--no-limit'] : []), ...(wish.retell ? ['--retell excepted'] : [])].join(' ');
  printLine(world, `  huntwire backfill ${rule} --from ${iso(wish.from)} --to ${iso(wish.to)} ${more}`.trimEnd());
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
