import { type RunningApp, runApp } from '../../../src/cli/run-app.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createDeliveryLoop } from '../../../src/outbox/delivery-loop.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { openServiceClock } from '../../../src/run/clock/open-clock.ts';
import type { RunDeps, Tenant } from '../../../src/run/tenant.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../../src/run/windows.ts';
import { createQuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import type { Store } from '../../../src/state/store.ts';
import type { Target } from '../../../src/targets/target.ts';
import { createRandom } from '../random.ts';
import type { RuleSpec } from '../scenario.ts';
import { type Body, type Life, type LifeWorld, TENANT } from './body.ts';
import { mortalStore } from './mortal-store.ts';
import { createSimSource } from './source.ts';
import { createSimTarget } from './target.ts';

/** Starts a process on the state, wired as app.ts does. */
export function startLife(
  world: LifeWorld,
  number: number,
  openState: (clock: Clock) => Store,
  specs: readonly RuleSpec[],
  rules: readonly RunnableRule[],
): Life {
  let dead = false;
  const stop = new AbortController();
  const end = (
    how: 'stopped' | 'killed' | 'failed',
    point: string,
    error: string | null,
    down: number | null,
  ): void => {
    if (dead) return;
    dead = true;
    world.journal.add({ kind: 'end', at: world.time.now(), life: number, how, point, error });
    world.ended(life, how, down);
  };
  const life: Life = {
    number,
    isDead: () => dead,
    stop: () => stop.abort(),
    kill: (point, down) => end('killed', point, null, down),
  };
  const body: Body = {
    ...world,
    number,
    isDead: () => dead,
    diesAt: (point) => {
      const kill = dead ? null : world.killing.reached(point);
      if (kill) life.kill(point, kill.down);
      return dead;
    },
  };
  world.journal.add({ kind: 'start', at: world.time.now(), life: number, rules: specs, skew: world.machine.skew() });
  const clock = world.machine.clock(body.isDead);
  const store = mortalStore(openState(clock), body);
  const running = openSimApp(body, clock, store, specs, rules).then((app) => runApp(app, silentLog, stop.signal));
  running.then(
    () => end('stopped', '', null, null),
    (thrown: unknown) =>
      end('failed', '', thrown instanceof Error ? `${thrown.message}\n${thrown.stack ?? ''}` : String(thrown), null),
  );
  return life;
}

async function openSimApp(
  body: Body,
  clock: Clock,
  store: Store,
  specs: readonly RuleSpec[],
  rules: readonly RunnableRule[],
): Promise<RunningApp> {
  const random = createRandom(body.scenario.seed).fork(`jitter ${body.number}`);
  const source = createSimSource(body, specs);
  const serviceClock = await openServiceClock(TENANT, source, { clock, cache: store.cache });
  const limits = source.quota;
  const serviceNow = serviceClock.now;
  const meter = createQuotaMeter({ tenant: TENANT, api: source.api, limits, store: store.quota, clock, serviceNow });
  const tenant: Tenant = { name: TENANT, source, meter, serviceClock, rules };
  const targets: readonly Target[] = body.scenario.targets.map((spec) => createSimTarget(body, spec));
  const healthTargets = targets.map((target) => target.name);
  const deliveries = createDeliveryLoop({
    store,
    targets,
    clock: seldomLooking(clock),
    log: silentLog,
    random: random.next,
    healthTargets,
    tenant: TENANT,
  });
  const runs: RunDeps = {
    store,
    clock,
    log: silentLog,
    settings: DEFAULT_WINDOW_SETTINGS,
    waysOf: (rule) => (rule.targets ?? healthTargets).map((target) => ({ target })),
    healthTargets,
    newRunId: body.newRunId,
    committed: deliveries.poke,
    longestSleepMs: 300_000,
  };
  const config = { tenants: [], targets: new Map() } as unknown as RunningApp['config'];
  return { config, targets: [], tenants: [tenant], deliveries, runs };
}

/** Sleeps of the outbox that end in a look for what other processes did, and how long they are here. */
const LOOKS_MS: ReadonlyMap<number, number> = new Map([
  [15_000, 300_000],
  [60_000, 1_200_000],
]);

/** There are no other processes here, and a week has 50,000 such looks. */
function seldomLooking(clock: Clock): Clock {
  return { ...clock, sleep: (ms, signal) => clock.sleep(LOOKS_MS.get(ms) ?? ms, signal) };
}
