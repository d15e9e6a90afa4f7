import { readTime } from '../actions/read-time.ts';
import type { TimeRange } from '../kql/window.ts';
import { formatDuration } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { learnClock } from '../run/clock/learn-clock.ts';
import { openServiceClock } from '../run/clock/open-clock.ts';
import type { Tenant } from '../run/tenant.ts';
import { createQuotaMeter } from '../sources/quota/quota-meter.ts';
import { openMemoryStore } from '../state/sqlite-store.ts';
import { type BacktestDeps, runBacktest } from '../trial/backtest.ts';
import { type BacktestCost, costOf } from '../trial/backtest-cost.ts';
import { type BacktestPlan, planBacktest } from '../trial/backtest-plan.ts';
import type { BacktestResult } from '../trial/backtest-tally.ts';
import { type BacktestPlace, openPlace } from './backtest/backtest-place.ts';
import { type BacktestReport, printBacktest } from './backtest/backtest-print.ts';
import { CALLS_WITHOUT_YES, callCostText } from './backtest/call-cost.ts';
import type { Verb } from './cli.ts';
import { type LocalDataOptions, withData } from './data-options.ts';
import { EXIT, exitCodeOf, worstOf } from './exit-codes.ts';
import { findRule } from './find-rule.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';

interface BacktestOptions extends CommonOptions, LocalDataOptions {
  readonly from: string;
  readonly to: string;
  readonly compare?: string;
  readonly tenant?: string;
  readonly yes: boolean;
}

export const backtest: Verb = (program, world, done) => {
  const command = program.command('backtest');
  withData(withFormat(withConfig(command)), 'run here, over a folder or file of events, and ask no tenant')
    .argument('<rule>', 'id of a configured rule, or a rule file')
    .requiredOption('--from <time>', 'where to begin: ISO time, or how long ago (14d)')
    .option('--to <time>', 'where to end', 'now')
    .option('--compare <rule>', 'another rule or rule file: show which alerts it gains and loses')
    .option('--tenant <name>', 'which tenant to ask, where several are configured')
    .option('--yes', 'do not ask whether the cost is all right', false)
    .action(async (rule: string, options: BacktestOptions) => done(await backtestRule(world, rule, options)));
};

async function backtestRule(world: World, name: string, options: BacktestOptions): Promise<number> {
  const now = world.clock.now();
  const range = { from: readTime(options.from, '--from', now), to: readTime(options.to, '--to', now) };
  if (range.from >= range.to) throw new HuntwireError('USAGE', orderText(range));
  const place = await openPlace(world, options);
  try {
    const names = options.compare === undefined ? [name] : [name, options.compare];
    const rules: RunnableRule[] = [];
    for (const one of names) rules.push(await findRule(world, one, place.places));
    const plans = rules.map((rule) => planOf(world, rule, range, place));
    const cost = costOf(plans, place.source.quota);
    await agree(world, options, plans, cost);
    const [first, other = null] = await runPlans(world, plans, place);
    if (!first) return EXIT.failed;
    const report = { tenant: place.tenant, source: place.source.api, range, cost, names, result: first, other };
    printBacktest(world, options.format, report);
    return exitOf(report);
  } finally {
    await place.close();
  }
}

function orderText({ from, to }: TimeRange): string {
  const [first, last] = [from, to].map((time) => new Date(time).toISOString().slice(0, 16));
  return `--from must lie before --to, and ${first}Z does not lie before ${last}Z. A duration such as 14d is how long ago.`;
}

function planOf(world: World, rule: RunnableRule, range: TimeRange, { source, settings }: BacktestPlace): BacktestPlan {
  return planBacktest(rule, range, { now: world.clock.now(), retentionMs: source.retentionMs, settings });
}

/** How long the service's time is asked for. */
const LEARNING_MS = 30_000;

/** Says the cost, and goes on where it was agreed to: by --yes, at the terminal, or because it is small. */
async function agree(
  world: World,
  options: BacktestOptions,
  plans: readonly BacktestPlan[],
  cost: BacktestCost,
): Promise<void> {
  world.stderr.write(`${costText(plans, cost)}\n`);
  if (cost.shareOfHour === null || options.yes) return;
  if (world.confirm) {
    if (await world.confirm('Go on?')) return;
    throw new HuntwireError('ABORTED', 'Nothing was asked.');
  }
  if (cost.calls > CALLS_WITHOUT_YES)
    throw new HuntwireError(
      'USAGE',
      `That would ask the tenant ${cost.calls} times; more than ${CALLS_WITHOUT_YES} need a --yes. Add it, or begin later with --from. Nothing was asked.`,
    );
}

function costText(plans: readonly BacktestPlan[], cost: BacktestCost): string {
  return `${plans.map(runsText).join('; ')}. ${callCostText(cost)}`;
}

function runsText({ rule, times, windows }: BacktestPlan): string {
  const runs = countOf(times.length, 'run');
  return `${rule.id}: ${runs}${windows.length === times.length ? '' : ` in ${countOf(windows.length, 'window')}`}`;
}

/** One after the other, each with a memory of its own. A stop ends both. */
async function runPlans(
  world: World,
  plans: readonly BacktestPlan[],
  place: BacktestPlace,
): Promise<readonly BacktestResult[]> {
  const { cache, settings } = place;
  const total = plans.reduce((sum, plan) => sum + plan.windows.length, 0);
  const progress = startProgress(world, 'backtest', total);
  const tenant = await openTenant(world, place);
  const results: BacktestResult[] = [];
  let before = 0;
  try {
    for (const plan of plans) {
      const deps: BacktestDeps = {
        tenant,
        openStore: (clock) => openMemoryStore({ clock }),
        cache,
        clock: world.clock,
        settings,
        signal: world.signal,
        onWindow: (done) => progress.update(before + done),
        onWait: (waitMs) => tellWait(world, waitMs),
      };
      results.push(await runBacktest(plan, deps));
      before += plan.windows.length;
    }
  } finally {
    progress.stop();
  }
  return results;
}

/** The place as runs see it, once the service's time is known: calls are counted by it. */
async function openTenant(world: World, { source, tenant: name, cache, quota }: BacktestPlace): Promise<Tenant> {
  const { clock, signal } = world;
  const serviceClock = await openServiceClock(name, source, { clock, cache });
  const meter = createQuotaMeter({
    tenant: name,
    api: source.api,
    limits: source.quota,
    store: quota,
    clock,
    serviceNow: serviceClock.now,
  });
  const tenant = { name, source, meter, serviceClock, rules: [] };
  await learnClock(tenant, { deadline: clock.monotonic() + LEARNING_MS, signal }, { clock, cache });
  return tenant;
}

/** Shorter waits are the normal pace of many calls. */
const WORTH_TELLING_MS = 15_000;

function tellWait(world: World, waitMs: number): void {
  if (waitMs < WORTH_TELLING_MS) return;
  world.stderr.write(`Waiting ${formatDuration(Math.ceil(waitMs / 1000) * 1000)} for quota.\n`);
}

/** What was stopped or failed in part is no success, though what is known was shown. */
function exitOf({ result, other }: BacktestReport): number {
  const codes = [result, other].flatMap((one) => {
    if (!one) return [];
    const stopped = one.stopped ? [exitCodeOf(one.stopped.code)] : [];
    return [...stopped, ...one.failures.map(({ code }) => exitCodeOf(code))];
  });
  return worstOf(codes);
}
