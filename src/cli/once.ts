import { type AlertLinker, withLink } from '../alerts/alert-link.ts';
import { type App, openApp } from '../app.ts';
import type { TargetConfig } from '../config/config.ts';
import { allEnded } from '../lib/all-ended.ts';
import { requireDuration } from '../lib/duration.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { DrainCounts } from '../outbox/delivery-loop.ts';
import { coveredTo } from '../run/coverage.ts';
import { tidyOnce } from '../run/keep-tidy.ts';
import { type OnceReport, runOnce } from '../run/once.ts';
import { tellStart } from '../run/opening/tell-broken.ts';
import { timetableOf } from '../run/schedule.ts';
import type { RunRecord } from '../state/run-record.ts';
import { whoAsks } from './action/state-deps-of.ts';
import { chosen } from './choose-rules.ts';
import type { Verb } from './cli.ts';
import { EXIT, exitCodeOf, worstOf } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type IdleRule, idleText } from './once/idle-text.ts';
import { type CommonOptions, collect, withConfig, withFormat } from './options.ts';
import { readConfig } from './read-config.ts';
import { noteRunsAsked } from './run-asked-entry.ts';
import { runDocument } from './run-document.ts';
import { printJson, printLine, printTable, shownJson, type TableCell } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface OnceOptions extends CommonOptions {
  readonly rule: readonly string[];
  readonly dryRun: boolean;
  readonly wait: string;
  readonly skipBroken: boolean;
}

export const once: Verb = (program, world, done) => {
  const command = program.command('once');
  withFormat(withConfig(command))
    .option('--rule <id>', 'only this rule; repeatable', collect, [])
    .option('--dry-run', 'print the alerts; commit and send nothing', false)
    .option('--skip-broken', 'leave broken rules out, tell them as errors, and run the others', false)
    .option('--wait <duration>', 'how long to wait for retries and pauses', '30s')
    .action(async (options: OnceOptions) => done(await runAllOnce(world, options)));
};

const STDOUT_PATHS = ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'];

function printsToStdout(target: TargetConfig): boolean {
  return target.type === 'stdout' || (target.type === 'file' && STDOUT_PATHS.includes(String(target.path)));
}

async function runAllOnce(world: World, options: OnceOptions): Promise<number> {
  const startedAt = world.clock.now();
  const until = world.clock.monotonic() + requireDuration(options.wait, '--wait');
  const config = readConfig(world, options.config);
  if (options.format === 'json' && [...config.targets.values()].some(printsToStdout)) {
    throw new HuntwireError(
      'USAGE',
      'A target that writes to stdout and --format json would mix there; use one of the two.',
    );
  }
  const host = { ...createHost(world, config, 'in-process', 'once'), skipsBroken: options.skipBroken };
  const app = await openApp(config, host);
  try {
    if (!options.dryRun) await noteRunsAsked(app.store, options.rule, { who: whoAsks(world), at: startedAt });
    if (!options.dryRun) await tellStart(app.tenants, app.broken, app.runs);
    const reports = await runTenants(world, app, options, until);
    const deliveries = options.dryRun
      ? []
      : await app.deliveries.drain({ deadline: until, ignoreBackoff: true, signal: world.signal });
    if (!options.dryRun) await tidyOnce({ ...app.runs, tenants: () => app.tenants, keep: () => app.config.retention });
    const idle = reports.length === 0 ? idleText(await idleRules(world, app, options.rule)) : null;
    const linkOf = config.links.alert;
    print(world, options, { startedAt, endedAt: world.clock.now(), reports, deliveries, idle, linkOf });
    return exitOf(reports, deliveries);
  } finally {
    await app.close();
  }
}

async function runTenants(
  world: World,
  app: App,
  options: OnceOptions,
  deadline: number,
): Promise<readonly OnceReport[]> {
  chosen(
    app.tenants.flatMap((tenant) => tenant.rules),
    options.rule,
  );
  const runs = app.tenants.map((tenant) => {
    const rules = tenant.rules.filter((rule) => options.rule.length === 0 || options.rule.includes(rule.id));
    return runOnce(
      tenant,
      { rules, dryRun: options.dryRun, deadline, signal: world.signal, onReport: () => undefined },
      app.runs,
    );
  });
  return (await allEnded(runs)).flat();
}

/** What is known of the rules that were asked for. */
async function idleRules(world: World, app: App, ids: readonly string[]): Promise<readonly IdleRule[]> {
  const found = app.tenants.map(async ({ name, rules, serviceClock }) => {
    const asked = rules.filter(({ id, status }) => status !== 'disabled' && (ids.length === 0 || ids.includes(id)));
    const now = serviceClock.now() ?? world.clock.now();
    return Promise.all(
      asked.map(async (rule) => {
        const state = await app.store.ruleState(name, rule.id);
        const nextAt = timetableOf(rule).next(now);
        return { id: rule.id, coveredTo: state && coveredTo(state), nextAt, now };
      }),
    );
  });
  return (await Promise.all(found)).flat();
}

function exitOf(reports: readonly OnceReport[], deliveries: readonly DrainCounts[]): number {
  const runs = reports.map(({ run }) => (run.error ? exitCodeOf(run.error.code) : EXIT.ok));
  const undelivered = deliveries.some((one) => one.pending > 0 || one.dead > 0) ? EXIT.failed : EXIT.ok;
  return worstOf([...runs, undelivered]);
}

interface Summary {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly reports: readonly OnceReport[];
  readonly deliveries: readonly DrainCounts[];
  /** Why nothing ran; null: something did. */
  readonly idle: string | null;
  readonly linkOf: AlertLinker | null;
}

function print(world: World, options: OnceOptions, summary: Summary): void {
  const { reports, deliveries } = summary;
  const alerts = reports.flatMap((report) => report.alerts).map((alert) => withLink(alert, summary.linkOf));
  if (options.format === 'json') {
    const times = { startedAt: iso(summary.startedAt), endedAt: iso(summary.endedAt) };
    const runs = reports.map(({ run }) => runDocument(run));
    printJson(world, { ...times, runs, deliveries, ...(options.dryRun && { alerts }) });
    return;
  }
  if (options.dryRun) for (const alert of alerts) printLine(world, shownJson(alert, 2));
  if (reports.length > 0)
    printRuns(
      world,
      reports.map((report) => report.run),
    );
  else if (summary.idle !== null) printLine(world, summary.idle);
  if (deliveries.length > 0) {
    printLine(world);
    printTable(
      world,
      ['TARGET', 'DELIVERED', 'PENDING', 'DEAD'],
      deliveries.map((one) => [one.target, String(one.delivered), String(one.pending), String(one.dead)]),
    );
  }
}

function printRuns(world: World, runs: readonly RunRecord[]): void {
  const rows = runs.map((run): readonly TableCell[] => [
    run.tenant,
    run.ruleId,
    { colour: run.outcome === 'ok' ? 'green' : 'red', text: run.outcome },
    String(run.rows),
    String(run.hits),
    String(run.alerts),
    remarkOf(run),
  ]);
  printTable(world, ['TENANT', 'RULE', 'OUTCOME', 'ROWS', 'HITS', 'ALERTS', ''], rows);
}

/** Why there are fewer alerts than hits, or none at all. */
function remarkOf(run: RunRecord): string {
  if (run.error) return run.error.message;
  const held = Object.entries(run.suppressed).flatMap(([reason, count]) => (count > 0 ? [`${count} ${reason}`] : []));
  return [...(run.truncated ? ['truncated'] : []), ...held].join(', ');
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
