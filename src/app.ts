import { randomUUID } from 'node:crypto';
import type { Alert } from './alerts/alert.ts';
import { checkRuleTargets } from './config/check-rule-targets.ts';
import type { Config, TargetConfig, TenantConfig } from './config/config.ts';
import { holdsRules, rulePlacesOf } from './config/rule-paths.ts';
import { PRESETS } from './formats/presets/registry.ts';
import { FORMATS } from './formats/registry.ts';
import { createAnalyst } from './kql/analyst.ts';
import { closeAll } from './lib/all-ended.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { HuntwireError, type Problem } from './lib/errors.ts';
import type { Log } from './lib/log.ts';
import { createDeliveryLoop, type DeliveryLoop } from './outbox/delivery-loop.ts';
import { routeAlert, wayOf } from './outbox/routes.ts';
import { loadRules } from './rules/load-rules.ts';
import { type PreparedRules, prepareRules, refuseProblems } from './rules/prepare-rules.ts';
import type { Rule, RunnableRule } from './rules/rule.ts';
import { wholeRuleHash } from './rules/rule-hash.ts';
import { openServiceClock } from './run/clock/open-clock.ts';
import { introduce } from './run/opening/introduce.ts';
import { linkAlerts } from './run/opening/link-alerts.ts';
import { openRedaction } from './run/opening/open-redaction.ts';
import { createSilenceReader } from './run/silences/read-silences.ts';
import type { RunDeps, Tenant } from './run/tenant.ts';
import { DEFAULT_WINDOW_SETTINGS } from './run/windows.ts';
import type { AuthConfig } from './sources/auth/auth-config.ts';
import { createQuotaMeter } from './sources/quota/quota-meter.ts';
import { SOURCES } from './sources/registry.ts';
import type { Source } from './sources/source.ts';
import type { Way } from './state/detour-store.ts';
import type { Journal } from './state/journal.ts';
import { takeRunnerLock } from './state/runner-lock.ts';
import type { LoadedRule, RunnerRecord } from './state/runner-record.ts';
import { openSqliteStore } from './state/sqlite-store.ts';
import type { Store } from './state/store.ts';
import { openThreadedStore, type ThreadedStoreOptions } from './state/threaded-store.ts';
import { TARGETS } from './targets/registry.ts';
import type { Target, TargetDeps } from './targets/target.ts';

/** What the app takes from the machine. */
export interface Host {
  readonly clock: Clock;
  readonly log: Log;
  /** From [0, 1), for jitter. */
  readonly random: () => number;
  readonly version: string;
  /** How `status` names this process while it runs. */
  readonly process: Pick<RunnerRecord, 'verb' | 'pid' | 'machine'>;
  /** Shows a device code message to the person at the terminal. */
  readonly prompt: (message: string) => void;
  /** Where queries are analyzed and the state is written: `worker` for what runs long, `in-process` for what ends soon. */
  readonly place: 'worker' | 'in-process';
  /** Told what happens, and that parts go on; left out: nobody asks. */
  readonly journal?: Journal;
  readonly beat?: (part: string) => void;
  /** Told while rules are analyzed. */
  readonly progress: (done: number, total: number) => void;
}

export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly tenants: readonly Tenant[];
  readonly targets: readonly Target[];
  readonly deliveries: DeliveryLoop;
  readonly runs: RunDeps;
  /** Stops and closes everything, last opened first. */
  close(): Promise<void>;
}

/**
 * Opens everything that runs rules and delivers, in the order in which each part needs the one before. Rule files that do not load
 * are thrown before the state is touched, and what the analysis refuses before anything is started.
 */
export async function openApp(config: Config, host: Host): Promise<App> {
  const loaded = await loadRuleFiles(config, host.log);
  const closers: (() => unknown)[] = [];
  const close = (): Promise<void> => closeAll(closers);
  try {
    const lock = takeRunnerLock(config.state.path);
    closers.push(() => lock.release());
    const store = linkAlerts(await openStore({ ...host, path: config.state.path, lock }, host), config.links.alert);
    closers.push(() => store.close());
    const runner = await introduce(loadedRules(config, loaded), store, host);
    closers.push(() => runner.leave());
    const { rules, refused } = await analyze(loaded, store, host);
    await runner.leaveOut(refused);
    const tenants = await Promise.all(config.tenants.map((tenant) => openTenant(tenant, rules, store, host)));
    closers.push(...tenants.map((tenant) => () => tenant.source.close()));
    const targets = [...config.targets].map(([name, target]) => openTarget(name, target, host));
    closers.push(...targets.map((target) => () => target.close()));
    const silences = createSilenceReader(config.silences, store);
    const wish = config.redact && { ...config.redact, key: config.redact.key?.reveal() ?? null };
    const redaction = await openRedaction(wish, rules, store, () => `${randomUUID()}${randomUUID()}`);
    const deliveries = createDeliveryLoop({
      ...host,
      store,
      silences,
      targets,
      ...healthWays(config),
      tenant: config.tenants[0]?.name ?? 'default',
      fallbacks: config.fallbacks,
    });
    return {
      config,
      store,
      tenants,
      targets,
      deliveries,
      runs: { ...runDeps(config, store, deliveries, host), silences, ...redaction },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function openStore(options: ThreadedStoreOptions, { place }: Host): Promise<Store> {
  return place === 'worker' ? openThreadedStore(options) : openSqliteStore(options);
}

async function loadRuleFiles(config: Config, log: Log): Promise<readonly Rule[]> {
  const { rules, problems, refusals } = await loadRules(rulePlacesOf(config));
  logRefusals(refusals, log);
  refuseProblems([...problems, ...checkRuleTargets(rules, config)]);
  return rules;
}

/** One file of three hundred that cannot run here keeps the others from nothing, but nobody shall think that it runs. */
function logRefusals(refusals: readonly Problem[], log: Log): void {
  for (const { file, line, message } of refusals)
    log.warn('This cannot run here and is left out.', { file, line, reason: message });
}

function loadedRules(config: Config, loaded: readonly Rule[]): readonly LoadedRule[] {
  return config.tenants.flatMap((tenant) =>
    rulesOf(tenant, loaded).map((rule) => ({
      tenant: tenant.name,
      ruleId: rule.id,
      hash: rule.hash,
      wholeHash: wholeRuleHash(rule),
    })),
  );
}

async function analyze(
  rules: readonly Rule[],
  store: Store,
  host: Host,
): Promise<Pick<PreparedRules, 'rules' | 'refused'>> {
  const analyst = createAnalyst(
    host.place === 'worker'
      ? { form: 'worker', cache: store.cache, clock: systemClock }
      : { form: 'in-process', cache: store.cache },
  );
  try {
    const prepared = await prepareRules(rules, analyst, (done) => host.progress(done, rules.length));
    refuseProblems(prepared.problems);
    logRefusals(prepared.refusals, host.log);
    return prepared;
  } catch (thrown) {
    // Nobody goes on analyzing: whoever shows progress stops, or it would keep the process alive.
    host.progress(rules.length, rules.length);
    throw thrown;
  } finally {
    await analyst.close();
  }
}

async function openTenant(
  tenant: TenantConfig,
  rules: readonly RunnableRule[],
  store: Store,
  host: Host,
): Promise<Tenant> {
  const { clock } = host;
  const { name } = tenant;
  const source = openSource(tenant, store.cache, host);
  const serviceClock = await openServiceClock(name, source, { clock, cache: store.cache });
  const meter = createQuotaMeter({
    tenant: name,
    api: source.api,
    limits: source.quota,
    store: store.quota,
    clock,
    serviceNow: serviceClock.now,
  });
  return { name, source, meter, serviceClock, rules: rulesOf(tenant, rules) };
}

/** The rules whose files lie at or below the paths that a tenant names. */
export function rulesOf<Kind extends Rule>(tenant: TenantConfig, rules: readonly Kind[]): readonly Kind[] {
  return rules.filter(({ map: { file } }) => holdsRules(tenant, file));
}

/** The source of a tenant by itself, for verbs that need no state. */
export function openSource(tenant: TenantConfig, cache: Store['cache'], host: Host): Source {
  const plugin = SOURCES.get(tenant.source.api);
  if (!plugin) throw new HuntwireError('CONFIG_INVALID', `There is no source "${tenant.source.api}".`);
  const { clock, log, version, prompt } = host;
  const auth = tenant.auth as AuthConfig | null;
  return plugin.create(tenant.source, { tenant: tenant.name, auth, clock, log, cache, version, prompt });
}

/** One target by itself, for verbs that need no state; with `rehearse` its requests go there. Targets keep real time: receivers compare it with their own clocks. */
export function openTarget(
  name: string,
  config: TargetConfig,
  host: Host,
  rehearse: TargetDeps['rehearse'] | null = null,
): Target {
  const plugin = TARGETS.get(config.type);
  const format = FORMATS.get(String(config.format ?? 'native'));
  if (!plugin || !format)
    throw new HuntwireError('CONFIG_INVALID', `The target "${name}" has an unknown type or format.`);
  const { log, version } = host;
  return plugin.create(config, {
    name,
    clock: systemClock,
    log,
    version,
    format: format.format,
    preset: PRESETS.get(config.type) ?? null,
    ...(rehearse && { rehearse }),
  });
}

/** Health alerts take the routes where nothing else is said of them. */
function healthWays(config: Config): Pick<RunDeps, 'healthTargets' | 'routeHealth'> {
  const { healthTargets, healthByRoutes } = config;
  const routeHealth = (alert: Alert): readonly Way[] => routeAlert(alert, null, config).map(wayOf);
  return { healthTargets, ...(healthByRoutes && { routeHealth }) };
}

function runDeps(config: Config, store: Store, deliveries: DeliveryLoop, host: Host): RunDeps {
  return {
    store,
    clock: host.clock,
    log: host.log,
    settings: DEFAULT_WINDOW_SETTINGS,
    waysOf: (rule, alert) => routeAlert(alert, rule.targets, config).map(wayOf),
    ...healthWays(config),
    targetNames: new Set(config.targets.keys()),
    newRunId: randomUUID,
    committed: deliveries.poke,
    ...(host.journal && { journal: host.journal }),
    ...(host.beat && { beat: host.beat }),
  };
}
