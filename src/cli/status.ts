import type { Config } from '../config/config.ts';
import { formatDuration, HOUR_MS } from '../lib/duration.ts';
import { loadRules } from '../rules/load-rules.ts';
import type { Rule } from '../rules/rule.ts';
import { readSkew } from '../run/clock/stored-skew.ts';
import { coveredTo } from '../run/coverage.ts';
import { isLagging, lagOf, oldestUnanswered } from '../run/lag.ts';
import { ranWith } from '../run/rule-edits.ts';
import { createTimetable, intervalOf, type Timetable, timetableOf } from '../run/schedule.ts';
import { DEFAULT_WINDOW_SETTINGS, delayOf } from '../run/windows.ts';
import { pauseLeft } from '../sources/quota/stored-pause.ts';
import type { ApiName } from '../sources/source.ts';
import { openReader } from '../state/sqlite-store.ts';
import type { RuleState, StoreReader } from '../state/store.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readConfig } from './read-config.ts';
import { runDocument } from './run-document.ts';
import { printJson, printLine, printTable, type TableCell } from './terminal/print.ts';
import { printProblems } from './terminal/print-failure.ts';
import type { World } from './terminal/world.ts';

export const status: Verb = (program, world, done) => {
  const command = program.command('status');
  withFormat(withConfig(command)).action(async (options: CommonOptions) => done(await showStatus(world, options)));
};

interface RuleRow {
  readonly tenant: string;
  readonly rule: string;
  readonly state: string;
  readonly coveredTo: string | null;
  readonly lagSeconds: number | null;
  readonly nextRunAt: string | null;
  readonly lastRun: Readonly<Record<string, unknown>> | null;
}

async function showStatus(world: World, options: CommonOptions): Promise<number> {
  const config = readConfig(world, options.config);
  const store = openReader({ path: config.state.path, clock: world.clock });
  try {
    const skews = await skewsOf(config, store);
    const rules = await ruleRows(world, config, store, skews);
    const tenants = await tenantRows(world, config, store, skews);
    const targets = await targetRows(config, store);
    if (options.format === 'json') printJson(world, { rules, tenants, targets });
    else printStatus(world, rules, tenants, targets);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

/** Our clock minus each service's as it was known last, ms; what is not known counts as none. */
type Skews = ReadonlyMap<string, number>;

async function skewsOf(config: Config, store: StoreReader): Promise<Skews> {
  const skews = config.tenants.map(async ({ name }) => [name, (await readSkew(store.cache, name)) ?? 0] as const);
  return new Map(await Promise.all(skews));
}

/** Rules that do not load cannot be shown; what is wrong with them is told on stderr. */
async function ruleRows(world: World, config: Config, store: StoreReader, skews: Skews): Promise<readonly RuleRow[]> {
  const states = new Map((await store.ruleStates()).map((one) => [`${one.tenant}\n${one.ruleId}`, one.state]));
  const rows: RuleRow[] = [];
  for (const tenant of config.tenants) {
    const { rules, problems } = await loadRules(tenant.rules);
    const now = world.clock.now() - (skews.get(tenant.name) ?? 0);
    printProblems(world, problems, 'RULE_INVALID');
    rows.push(
      ...rules.map((rule) => ruleRow(tenant.name, rule, states.get(`${tenant.name}\n${rule.id}`) ?? null, now)),
    );
  }
  return rows;
}

function ruleRow(tenant: string, rule: Rule, state: RuleState | null, now: number): RuleRow {
  const covered = state ? coveredTo(state) : null;
  const timetable = timetableOfRule(rule, state);
  const next = rule.status === 'disabled' ? null : timetable.next(now);
  const lagMs = state && rule.status !== 'disabled' ? lagOfRule(rule, state, timetable, now) : null;
  const lags = lagMs !== null && isLagging(lagMs, intervalOf(rule), false);
  const standing = state?.standing ?? 'ok';
  return {
    tenant,
    rule: rule.id,
    state: rule.status === 'disabled' ? 'disabled' : standing === 'ok' && lags ? 'lagging' : standing,
    coveredTo: iso(covered),
    lagSeconds: lagMs === null ? null : Math.round(lagMs / 1000),
    nextRunAt: iso(next),
    lastRun: state?.lastRun
      ? { ...runDocument(state.lastRun), startedAt: iso(state.lastRun.startedAt), endedAt: iso(state.lastRun.endedAt) }
      : null,
  };
}

function lagOfRule(rule: Rule, state: RuleState, timetable: Timetable, now: number): number | null {
  const shape = ranWith(state)?.effectiveShape;
  if (!shape || state.frontier === null) return null;
  return lagOf(oldestUnanswered(shape, state, timetable, delayOf(rule, DEFAULT_WINDOW_SETTINGS)), now);
}

/** Queries are not analyzed here: what closing runs ask for is known of a rule that ran. */
function timetableOfRule(rule: Rule, state: RuleState | null): Timetable {
  const ran = state && ranWith(state);
  return ran ? timetableOf({ ...rule, ...ran }) : createTimetable(rule.schedule, rule.id);
}

/** Smaller differences change nothing that is shown. */
const WORTH_TELLING_S = 60;

interface TenantRow {
  readonly tenant: string;
  readonly api: string;
  readonly pausedUntil: string | null;
  readonly calls: number;
  readonly runSeconds: number;
  /** What this machine's clock is ahead of the service's; times are shown less it. */
  readonly skewSeconds: number;
}

/** Calls and run time are of the last hour. */
async function tenantRows(
  world: World,
  config: Config,
  store: StoreReader,
  skews: Skews,
): Promise<readonly TenantRow[]> {
  const rows = config.tenants.map(async ({ name, source }) => {
    const skewMs = skews.get(name) ?? 0;
    const now = world.clock.now() - skewMs;
    const api = source.api as ApiName;
    const calls = await store.quota.calls(name, api, now - HOUR_MS);
    const pause = await store.quota.pauseOf(name, api);
    const pausedMs = pause ? pauseLeft(pause, now) : 0;
    const runSeconds = Math.round(calls.reduce((sum, call) => sum + call.runMs, 0) / 1000);
    return {
      tenant: name,
      api,
      pausedUntil: pausedMs > 0 ? iso(now + pausedMs) : null,
      calls: calls.length,
      runSeconds,
      skewSeconds: Math.round(skewMs / 1000),
    };
  });
  return Promise.all(rows);
}

interface TargetRow {
  readonly target: string;
  readonly state: string;
  readonly pending: number;
  readonly oldestAt: string | null;
  readonly dead: number;
}

async function targetRows(config: Config, store: StoreReader): Promise<readonly TargetRow[]> {
  const counts = new Map((await store.targetCounts()).map((count) => [count.target, count]));
  const names = new Set([...config.targets.keys(), ...counts.keys()]);
  const rows = [...names].map(async (target) => {
    const { blockedSince } = await store.targetState(target);
    const count = counts.get(target);
    const state = !config.targets.has(target) ? 'removed' : blockedSince === null ? 'ok' : 'blocked';
    return {
      target,
      state,
      pending: count?.pending ?? 0,
      oldestAt: iso(count?.oldestAt ?? null),
      dead: count?.dead ?? 0,
    };
  });
  return Promise.all(rows);
}

function printStatus(
  world: World,
  rules: readonly RuleRow[],
  tenants: readonly TenantRow[],
  targets: readonly TargetRow[],
): void {
  const shade = (state: string): TableCell => ({
    colour: state === 'ok' ? 'green' : state === 'disabled' ? 'dim' : 'red',
    text: state,
  });
  const lag = (seconds: number | null): string => (seconds === null ? '-' : formatDuration(seconds * 1000));
  printTable(
    world,
    ['TENANT', 'RULE', 'STATE', 'COVERED TO', 'LAG', 'NEXT RUN'],
    rules.map((row) => [
      row.tenant,
      row.rule,
      shade(row.state),
      row.coveredTo ?? '-',
      lag(row.lagSeconds),
      row.nextRunAt ?? '-',
    ]),
  );
  printLine(world);
  printTable(
    world,
    ['TENANT', 'API', 'PAUSED UNTIL', 'CALLS/H', 'RUN S/H'],
    tenants.map((row) => [row.tenant, row.api, row.pausedUntil ?? '-', String(row.calls), String(row.runSeconds)]),
  );
  for (const { tenant, skewSeconds } of tenants) {
    if (Math.abs(skewSeconds) <= WORTH_TELLING_S) continue;
    const side = skewSeconds > 0 ? 'ahead of' : 'behind';
    const by = formatDuration(Math.abs(skewSeconds) * 1000);
    printLine(
      world,
      `${tenant}: times are this machine's clock less what it was last known to be off: ${by} ${side} the service's.`,
    );
  }
  printLine(world);
  printTable(
    world,
    ['TARGET', 'STATE', 'PENDING', 'OLDEST', 'DEAD'],
    targets.map((row) => [row.target, shade(row.state), String(row.pending), row.oldestAt ?? '-', String(row.dead)]),
  );
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
