import { brokenFiles, loadedRules, loadRuleFiles } from './app/app-rules.ts';
import { type Generation, type GenerationDeps, openGeneration, partsLeft } from './app/generation.ts';
import type { Host } from './app/host.ts';
import { createLeasedParts, type LeasedParts, openShare } from './app/leased.ts';
import { openTarget } from './app/open-parts.ts';
import { createRunBy } from './app/run-by.ts';
import { deliveryOptions, runDeps } from './app/run-deps.ts';
import { createSuccession, type Succession } from './app/succession.ts';
import type { Config } from './config/config.ts';
import { closeAll } from './lib/all-ended.ts';
import { HuntwireError } from './lib/errors.ts';
import { createDeliveryLoop, type DeliveryLoop } from './outbox/delivery-loop.ts';
import { createRenewedLoop } from './outbox/renewed-loop.ts';
import type { AskedTenant } from './run/desk/errands.ts';
import { introduce, type RunnerIntroduction } from './run/opening/introduce.ts';
import { linkAlerts } from './run/opening/link-alerts.ts';
import type { BrokenFile } from './run/opening/tell-broken.ts';
import { createSilenceReader } from './run/silences/read-silences.ts';
import type { RunDeps } from './run/tenant.ts';
import { openRunnerState, type RunnerState } from './state/runner-state.ts';
import type { Store } from './state/store.ts';
import type { Target } from './targets/target.ts';

/** What runs rules and delivers. Configuration, tenants and targets are those of the moment: a reload puts others in their place. */
export interface App extends Succession {
  readonly config: Config;
  readonly store: Store;
  readonly tenants: readonly AskedTenant[];
  readonly targets: readonly Target[];
  /** Where processes share the work nobody runs it: each part has a loop of its own. */
  readonly deliveries: DeliveryLoop;
  readonly runs: RunDeps;
  /** What is told outside of runs is told with this; null: another process tells it. */
  charge(): RunDeps | null;
  /** Where processes share the work: how this one does its parts; null: it does all of it. */
  readonly leased: LeasedParts | null;
  readonly runner: RunnerIntroduction;
  /** Files whose rules are left out, because they are broken. */
  readonly broken: readonly BrokenFile[];
  /** A further instance of a configured target, for who sends beside the outbox and closes it. */
  openApart(name: string): Target;
  /** Stops and closes everything, last opened first. */
  close(): Promise<void>;
}

/**
 * Opens everything that runs rules and delivers, in the order in which each part needs the one before. Rule files that do not load
 * are thrown before the state is touched, and what the analysis refuses before anything is started. A state that is open already is closed
 * with the rest, and where anything is wrong.
 */
export async function openApp(config: Config, host: Host, opened?: RunnerState): Promise<App> {
  const closers: (() => unknown)[] = opened ? [opened.close] : [];
  const close = (): Promise<void> => closeAll(closers);
  let generation: Generation | null = null;
  const present = (): Generation => {
    if (generation === null) throw new HuntwireError('INTERNAL', 'The app is not open yet.');
    return generation;
  };
  try {
    const loaded = await loadRuleFiles(config, host);
    closers.push(loaded.close);
    const { store: kept, close: closeState, leases = null } = opened ?? (await openRunnerState(config.state, host));
    if (!opened) closers.push(closeState);
    const dress = (store: Store): Store => linkAlerts(store, () => present().config.links.alert);
    const store = dress(kept);
    const shared = leases && openShare(leases);
    if (shared) closers.push(shared.loops.close);
    const runner = await introduce(loadedRules(config, loaded.rules), shared?.voice ?? store, host);
    closers.push(() => runner.leave());
    const runBy = leases && createRunBy(leases, () => present().config.http);
    const making = { store, host, ...(runBy && { runBy }) };
    generation = await openGeneration(config, loaded, null, making);
    closers.push(() => closeGeneration(present()));
    await runner.leaveOut(generation.refused);
    const put = (next: Generation): void => {
      generation = next;
    };
    const { settled, ...parts } = composed({ ...making, present, put, runner, shared, dress });
    closers.push(settled);
    return appOf({ ...parts, settled, runner, close, store }, { present, shared, host });
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

interface Composition extends GenerationDeps {
  readonly present: () => Generation;
  readonly put: (next: Generation) => void;
  readonly runner: RunnerIntroduction;
  readonly shared: ReturnType<typeof openShare> | null;
  readonly dress: (store: Store) => Store;
}

/** What stays while one generation follows another. */
function composed({ present, put, runner, shared, dress, ...making }: Composition) {
  const { store, host } = making;
  const silences = createSilenceReader(() => present().config.silences, store);
  const staying = { store, silences, host };
  const own = createRenewedLoop(() => createDeliveryLoop(deliveryOptions(present, staying)));
  const deliveries = { ...own, ...shared?.loops };
  const runs = runDeps(present, staying, deliveries);
  const charge = (): RunDeps | null => (shared ? shared.held.charge : runs);
  const succession = createSuccession({ ...making, present, put, runner, deliveries, charge });
  const leased = shared && createLeasedParts({ ...shared, present, staying, dress });
  return { ...succession, deliveries, runs, charge, leased };
}

type Moving = 'openApart' | 'config' | 'broken' | 'tenants' | 'targets';

/** The app, with what is another after each reload. */
function appOf(
  parts: Omit<App, Moving>,
  { present, shared, host }: Pick<Composition, 'present' | 'shared' | 'host'>,
): App {
  return {
    ...parts,
    openApart: (name) => openTarget(name, present().config.targets.get(name) ?? { type: '' }, host),
    get config() {
      return present().config;
    },
    get broken() {
      return brokenFiles(present().config, present().broken);
    },
    get tenants() {
      return present().tenants.map(({ tenant }) => shared?.held.tenants.get(tenant.name)?.tenant ?? tenant);
    },
    get targets() {
      return [...present().targets.values()].map(({ target }) => target);
    },
  };
}

async function closeGeneration(generation: Generation): Promise<void> {
  const { tenants, targets } = partsLeft(generation, null);
  await closeAll([
    ...tenants.map(
      ({ source }) =>
        () =>
          source.close(),
    ),
    ...targets.map((one) => () => one.close()),
  ]);
}
