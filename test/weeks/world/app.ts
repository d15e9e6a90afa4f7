import { createReload, type ReloadDeps, resolveRefusal } from '../../../src/app/reload.ts';
import type { App } from '../../../src/app.ts';
import type { RunningApp } from '../../../src/cli/run/running-app.ts';
import type { TimeRange } from '../../../src/kql/window.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { HuntwireError } from '../../../src/lib/errors.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createDeliveryLoop } from '../../../src/outbox/delivery-loop.ts';
import { createRenewedLoop } from '../../../src/outbox/renewed-loop.ts';
import { type BackfillStep, stepThrough } from '../../../src/run/backfill/run-backfill.ts';
import { openServiceClock } from '../../../src/run/clock/open-clock.ts';
import { type AskedTenant, createErrands, type Errands } from '../../../src/run/desk/errands.ts';
import { createTenantRules, type TenantRules } from '../../../src/run/opening/tenant-rules.ts';
import { createSilenceReader } from '../../../src/run/silences/read-silences.ts';
import type { RunDeps } from '../../../src/run/tenant.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../../src/run/windows.ts';
import { createQuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import type { Store } from '../../../src/state/store.ts';
import { createRandom } from '../random.ts';
import { FIRST_TENANT } from '../scenario.ts';
import type { ServiceModel } from '../service/service.ts';
import { tenantOf } from '../tenant-view.ts';
import { type Body, type Files, never } from './body.ts';
import { configuredSilences } from './silences.ts';
import { createSimSource } from './source.ts';
import { createSimTarget } from './target.ts';
import { detourTargets, fallbacksOf, waysOf } from './ways.ts';

/** What one process runs, and how it reads its files again. */
export interface SimApp {
  readonly app: RunningApp;
  /** What a start does before anything runs. */
  begin(): Promise<void>;
  /** Turns beside the schedule, as cli/run asks the desks for them; what is refused is refused. */
  ask(ruleId: string, range: TimeRange | null, signal: AbortSignal): void;
  /** As the action acknowledge_alert does, of the newest alert of a rule that fires and nobody has taken on. */
  takeOn(ruleId: string): void;
  /** `files`: as they are now, null where something in them is wrong. */
  reload(files: Files | null): void;
}

interface OpenTenant {
  readonly tenant: AskedTenant & { readonly errands: Errands };
  readonly rules: TenantRules;
}

/** Wired as app.ts does; a reload follows as app/succession.ts does, without files. */
export async function openSimApp(body: Body, clock: Clock, store: Store, first: Files): Promise<SimApp> {
  let files: Files | null = first;
  let present = first;
  const random = createRandom(body.scenario.seed).fork(`jitter ${body.number}`);
  const tenants: OpenTenant[] = [];
  for (const [name, service] of body.services)
    tenants.push(await openTenant(body, { name, service, clock, store }, () => present));
  const configured = configuredSilences(body.scenario);
  const names = first.targets.map((target) => target.name);
  const deliveries = createRenewedLoop(() =>
    createDeliveryLoop({
      store,
      targets: [...present.targets, ...detourTargets(body.scenario)].map((spec) => createSimTarget(body, spec)),
      fallbacks: fallbacksOf(body.scenario),
      clock,
      // There are no other processes here.
      lookMs: 3_600_000,
      log: silentLog,
      random: random.next,
      healthTargets: names,
      tenant: FIRST_TENANT,
    }),
  );
  const silences = createSilenceReader(() => configured, store);
  const runs: RunDeps = {
    store,
    silences,
    clock,
    log: silentLog,
    settings: DEFAULT_WINDOW_SETTINGS,
    waysOf: (rule, alert) => waysOf(body.scenario, rule.targets ?? names, alert),
    healthTargets: names,
    newRunId: body.newRunId,
    committed: deliveries.poke,
    longestSleepMs: 300_000,
  };
  const follow = async (): Promise<[]> => {
    if (body.isDead()) return never();
    const before = present;
    present = files ?? present;
    noteReload(body, present, false);
    for (const { tenant, rules } of tenants) rules.replace(rulesOf(present, tenant.name));
    if (present.targets !== before.targets) void deliveries.renew();
    return [];
  };
  const app = { tenants: tenants.map(({ tenant }) => tenant), runs, charge: () => runs, leased: null };
  const reload = createReload({
    app: { ...app, follow, runner: { noteReload: async () => undefined } as unknown as App['runner'] },
    read: () => {
      if (files !== null) return {} as ReturnType<ReloadDeps['read']>;
      if (!body.isDead()) noteReload(body, present, true);
      throw new HuntwireError('CONFIG_INVALID', 'a file is wrong');
    },
    clock,
    log: silentLog,
  });
  return {
    app: {
      ...app,
      config: { tenants: [], targets: new Map(), state: { path: '' } } as unknown as RunningApp['config'],
      targets: [],
      deliveries,
    },
    begin: () => resolveRefusal({ app: { ...app } as unknown as App }),
    ask: (ruleId, range, signal) => void askFor({ tenants, present, runs }, ruleId, range, signal),
    takeOn: (ruleId) => void takeOn({ tenants, present, runs }, ruleId),
    reload: (next) => {
      files = next;
      void reload('signal');
    },
  };
}

interface Asked {
  readonly tenants: readonly OpenTenant[];
  readonly present: Files;
  readonly runs: RunDeps;
}

async function askFor(
  { tenants, present, runs }: Asked,
  ruleId: string,
  range: TimeRange | null,
  signal: AbortSignal,
): Promise<void> {
  const spec = present.specs.find(({ id }) => id === ruleId);
  const found = tenants.find(({ tenant }) => spec && tenant.name === tenantOf(spec));
  if (!found) return;
  const ask: BackfillStep = (wish) =>
    found.tenant.errands.ask({ ruleId, kind: range ? 'backfill' : 'due', ...(wish && { wish }) }, signal);
  const wish = range && { ...range, noLimit: false, retell: false };
  const ended = wish ? stepThrough(ask, wish, { signal, onWindow: () => undefined }, runs) : ask(undefined);
  await ended.then(
    () => undefined,
    () => undefined,
  );
}

async function takeOn({ present, runs: { store, clock } }: Asked, ruleId: string): Promise<void> {
  const spec = present.specs.find(({ id }) => id === ruleId);
  const open = spec ? await store.firingOf(tenantOf(spec), ruleId) : [];
  const newest = open.findLast(({ acknowledged }) => !acknowledged);
  if (newest) await store.acknowledge(newest.alertId, { by: 'soc', at: clock.now() });
}

function noteReload({ journal, time, number: life }: Body, { specs: rules }: Files, refused: boolean): void {
  journal.add({ kind: 'reload', at: time.now(), life, rules, refused });
}

function rulesOf({ specs, rules }: Files, tenant: string): Files['rules'] {
  const own = new Set(specs.filter((spec) => tenantOf(spec) === tenant).map(({ id }) => id));
  return rules.filter(({ id }) => own.has(id));
}

interface Opening {
  readonly name: string;
  readonly service: ServiceModel;
  readonly clock: Clock;
  readonly store: Store;
}

/** `present`: what the process has read last. What a run still asks for goes by the marks of before. */
async function openTenant(
  body: Body,
  { name, service, clock, store }: Opening,
  present: () => Files,
): Promise<OpenTenant> {
  const marks = new Map<string, string>();
  const markOf = (id: string): string | null => {
    for (const { id: known, mark } of present().specs) marks.set(known, mark);
    return marks.get(id) ?? null;
  };
  const source = createSimSource(body, service, markOf);
  const serviceClock = await openServiceClock(name, source, { clock, cache: store.cache });
  const { api, quota: limits } = source;
  const meter = createQuotaMeter({
    tenant: name,
    api,
    limits,
    store: store.quota,
    clock,
    serviceNow: serviceClock.now,
  });
  const rules = createTenantRules(rulesOf(present(), name));
  const tenant: OpenTenant['tenant'] = {
    name,
    errands: createErrands(),
    source,
    meter,
    serviceClock,
    get rules() {
      return rules.current();
    },
    listenToRules: rules.listen,
  };
  return { tenant, rules };
}
