import type { Config } from '../config/config.ts';
import { closeAll } from '../lib/all-ended.ts';
import { type Problem, toHuntwireError } from '../lib/errors.ts';
import type { RenewedLoop } from '../outbox/renewed-loop.ts';
import { refuseProblems } from '../rules/prepare-rules.ts';
import type { RunnerIntroduction } from '../run/opening/introduce.ts';
import { resolveGone } from '../run/resolve-gone.ts';
import type { RunDeps } from '../run/tenant.ts';
import type { ReloadChange, ReloadTrigger } from '../state/runner-record.ts';
import { loadedRules, loadRuleFiles } from './app-rules.ts';
import { changesOf } from './changes.ts';
import { type Generation, type GenerationDeps, openGeneration, partsLeft } from './generation.ts';

/** Who runs the schedules is told that there are other tenants; resolves when those that are gone have ended. */
export type TenantsListener = () => Promise<void>;

export interface SuccessionDeps extends GenerationDeps {
  readonly present: () => Generation;
  readonly put: (next: Generation) => void;
  readonly runner: RunnerIntroduction;
  readonly deliveries: Pick<RenewedLoop, 'renew'>;
  /** What is told outside of runs; null: another process tells it. */
  readonly charge: () => RunDeps | null;
}

/** How one generation follows another while the app runs. */
export interface Succession {
  /**
   * Reads the files of a configuration, makes all that is new in it and puts it in the place of what there is. Throws where anything is
   * wrong; then everything is as it was.
   */
  follow(config: Config, trigger: ReloadTrigger): Promise<readonly ReloadChange[]>;
  listenToTenants(listener: TenantsListener): () => void;
  /** Resolves when what an earlier generation left has ended and is closed. */
  settled(): Promise<void>;
}

export function createSuccession(deps: SuccessionDeps): Succession {
  const started = deps.present().config.digests;
  const listeners = new Set<TenantsListener>();
  let settling = Promise.resolve();
  const follow = async (config: Config, trigger: ReloadTrigger): Promise<readonly ReloadChange[]> => {
    const before = deps.present();
    const next = await nextGeneration(config, before, deps);
    const changes = changesOf(before, next, started);
    deps.put(next);
    replaceRules(next);
    await tellRunner(next, changes, trigger, deps);
    const ended = endLeft(before, next, [...listeners], deps);
    settling = Promise.all([settling, ended]).then(() => undefined);
    return changes;
  };
  return {
    follow,
    listenToTenants: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    settled: () => settling,
  };
}

async function nextGeneration(config: Config, before: Generation, deps: SuccessionDeps): Promise<Generation> {
  // What runs goes on where something is broken: nobody need skip it.
  const quiet = { ...deps.host, progress: () => undefined, skipsBroken: false };
  const loaded = await loadRuleFiles(config, quiet);
  refuseLost(before, loaded.refusals);
  return openGeneration(config, loaded, before, { ...deps, host: quiet });
}

/** A file of ours that cannot be read as one any more, as one that is half written, is broken: its rule would stop without a word. */
function refuseLost({ loaded }: Generation, refusals: readonly Problem[]): void {
  const ours = new Set(loaded.filter(({ origin }) => !origin).map(({ map }) => map.file));
  refuseProblems(refusals.filter(({ file }) => file !== null && ours.has(file)));
}

function replaceRules({ tenants, rulesByTenant }: Generation): void {
  for (const { config, rules } of tenants) rules.replace(rulesByTenant.get(config.name) ?? []);
}

async function tellRunner(
  next: Generation,
  changes: readonly ReloadChange[],
  trigger: ReloadTrigger,
  { runner, host }: SuccessionDeps,
): Promise<void> {
  const outcome = changes.length > 0 ? 'applied' : 'unchanged';
  const record = { at: host.clock.now(), trigger, outcome, changes, problems: [] } as const;
  const rules = loadedRules(next.config, [...next.loaded]);
  try {
    await runner.noteReload(record, rules, next.refused);
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    host.log.warn('what was reloaded could not be written down; status shows what was before', {
      code,
      reason: message,
    });
  }
}

/** Whether deliveries go by anything that they do not ask for each time. */
function isDeliveredOtherwise({ config: one }: Generation, { config: other }: Generation): boolean {
  return one.digests.targets !== other.digests.targets || one.tenants[0]?.name !== other.tenants[0]?.name;
}

/** Ends what only the generation before had, each part once nobody uses it any more. */
async function endLeft(
  before: Generation,
  next: Generation,
  listeners: readonly TenantsListener[],
  { deliveries, charge, host, present }: SuccessionDeps,
): Promise<void> {
  const left = partsLeft(before, next);
  try {
    if (isDeliveredOtherwise(before, next)) await deliveries.renew();
    await closeAll(left.targets.map((target) => () => target.close()));
    await Promise.all(listeners.map((listener) => listener()));
    await closeAll(
      left.tenants.map(
        ({ source }) =>
          () =>
            source.close(),
      ),
    );
    const runs = charge();
    if (left.tenants.length > 0 && runs)
      await resolveGone(
        present().tenants.map(({ tenant }) => tenant),
        runs,
      );
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    host.log.warn('what a reload left behind could not be closed', { code, reason: message });
  }
}
