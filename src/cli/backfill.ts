import { type App, openApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { formatDuration, SECOND_MS } from '../lib/duration.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { runBackfill } from '../run/backfill/run-backfill.ts';
import { learnClock } from '../run/clock/learn-clock.ts';
import { resolveGone } from '../run/resolve-gone.ts';
import type { Tenant } from '../run/tenant.ts';
import { isRunnerOn, stateName } from '../state/state-place.ts';
import type { BackfillWish } from '../state/store.ts';
import { whoAsks } from './action/state-deps-of.ts';
import { type BackfillSum, backfillDocument, backfillWords, startSum } from './backfill/backfill-document.ts';
import { agreeToBackfill, type BackfillEstimate, estimateBackfill } from './backfill/estimate.ts';
import { printBackfill } from './backfill/print-backfill.ts';
import { readWish, type WishOptions } from './backfill/read-wish.ts';
import { type AskRunner, backfillThroughRunner, type RunnerAsked, runnerOf } from './backfill/through-runner.ts';
import { chosen } from './choose-rules.ts';
import { chooseWholeTenant } from './choose-tenant.ts';
import type { Verb } from './cli.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readWithBlocked } from './read-config.ts';
import { startProgress } from './terminal/progress.ts';
import type { World } from './terminal/world.ts';

interface BackfillOptions extends CommonOptions, WishOptions {
  readonly tenant?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export const backfill: Verb = (program, world, done) => {
  const command = program.command('backfill');
  withFormat(withConfig(command))
    .argument('<rule>', 'id of a configured rule')
    .requiredOption('--from <time>', 'where to begin: ISO time, or how long ago (14d)')
    .option('--to <time>', 'where to end', 'now')
    .option('--tenant <name>', 'which tenant to ask, where several are configured')
    .option('--no-limit', 'tell each hit singly, also those that stood only in an overflow alert')
    .option('--retell <what>', 'excepted: tell rows that an exception took out which is over now')
    .option('--dry-run', 'show what it costs; ask and tell nothing', false)
    .option('--yes', 'do not ask whether the cost is all right', false)
    .action(async (rule: string, options: BackfillOptions) => done(await backfillRule(world, rule, options)));
};

async function backfillRule(world: World, id: string, options: BackfillOptions): Promise<number> {
  const wish = readWish(world, options);
  const config = readWithBlocked(world, options.config);
  const { name: tenant } = chooseWholeTenant(config, options.tenant);
  const estimate = await estimateBackfill(world, { config, tenant, rule: id, wish });
  world.stderr.write(`${estimate.text}\n`);
  if (options.dryRun) {
    printBackfill(world, options.format, backfillDocument({ ...startSum(tenant, id, wish, estimate), dryRun: true }));
    return EXIT.ok;
  }
  const ask = (await isRunnerOn(config.state)) ? runnerOf(config, await stateName(config.state)) : null;
  await agreeToBackfill(world, options.yes, estimate);
  if (ask) return workThroughRunner(world, { id, tenant, wish, estimate, format: options.format }, ask);
  return work(world, { id, config, tenant, wish, estimate, format: options.format });
}

interface Work {
  readonly id: string;
  readonly config: Config;
  readonly tenant: string;
  readonly wish: BackfillWish;
  readonly estimate: BackfillEstimate;
  readonly format: string;
}

/** The process that runs delivers what is told. */
async function workThroughRunner(
  world: World,
  { id: rule, tenant, wish, estimate, format }: Omit<Work, 'config'>,
  ask: AskRunner,
): Promise<number> {
  const progress = startProgress(world, 'backfill', estimate.windows);
  const onProgress: RunnerAsked['onProgress'] = ({ windows }) => progress.update(windows.asked);
  const document = await backfillThroughRunner(world, { tenant, rule, wish, onProgress }, ask).finally(progress.stop);
  printBackfill(world, format, document);
  if (document.error) return exitCodeOf(document.error.code);
  return document.windows.leftOut > 0 ? EXIT.failed : EXIT.ok;
}

/** As `once`: the runner's lock is held, so that no daemon works on the same ledger; what is told goes out behind it. */
async function work(world: World, { id, config, tenant: name, wish, estimate, format }: Work): Promise<number> {
  const app = await openApp(config, { ...createHost(world, config, 'in-process', 'backfill'), blocksTenants: true });
  const sum = startSum(name, id, wish, estimate);
  try {
    const tenant = app.tenants.find((one) => one.name === name);
    if (!tenant) throw new HuntwireError('USAGE', `There is no tenant "${name}".`);
    const [rule] = chosen(tenant.rules, [id]);
    if (!rule) throw new HuntwireError('USAGE', `There is no rule "${id}".`);
    const asked = { who: whoAsks(world), at: world.clock.now(), action: 'backfill_rule', subject: id };
    await app.store.noteAudit({ ...asked, before: null, after: backfillWords(name, wish) });
    await resolveGone(app.tenants, app.runs);
    const stopped = await search(world, app, { tenant, rule, wish, sum });
    const deliveries = world.signal.aborted
      ? []
      : await app.deliveries.drain({
          deadline: world.clock.monotonic() + DRAIN_MS,
          ignoreBackoff: false,
          signal: world.signal,
        });
    printBackfill(world, format, backfillDocument({ ...sum, deliveries, stopped }));
    if (stopped) return exitCodeOf(stopped.code);
    return sum.leftOut > 0 || deliveries.some(({ pending, dead }) => pending + dead > 0) ? EXIT.failed : EXIT.ok;
  } finally {
    await app.close();
  }
}

/** How long deliveries are waited for. */
const DRAIN_MS = 30 * SECOND_MS;
/** How long the service's time is asked for. */
const LEARNING_MS = 30 * SECOND_MS;
/** Shorter waits are the normal pace of many calls. */
const WORTH_TELLING_MS = 15 * SECOND_MS;

interface Search {
  readonly tenant: Tenant;
  readonly rule: RunnableRule;
  readonly wish: BackfillWish;
  readonly sum: BackfillSum;
}

/** What ended it early; null: nothing did. */
async function search(world: World, { runs }: App, { tenant, rule, wish, sum }: Search): Promise<HuntwireError | null> {
  const { clock, signal } = world;
  const progress = startProgress(world, 'backfill', sum.windows);
  const onWait = (waitMs: number): void => {
    if (waitMs < WORTH_TELLING_MS) return;
    world.stderr.write(`Waiting ${formatDuration(Math.ceil(waitMs / SECOND_MS) * SECOND_MS)} for quota.\n`);
  };
  try {
    await learnClock(tenant, { deadline: clock.monotonic() + LEARNING_MS, signal }, { clock, cache: runs.store.cache });
    const onWindow: Parameters<typeof runBackfill>[2]['onWindow'] = (report) => {
      sum.add(report);
      progress.update(sum.asked);
    };
    return await runBackfill({ tenant, rule }, wish, { signal, onWindow, onWait }, runs);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (error.code !== 'ABORTED' && !signal.aborted) throw error;
    return new HuntwireError('ABORTED', 'It was stopped before its end.');
  } finally {
    progress.stop();
  }
}
