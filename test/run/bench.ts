import type { Alert } from '../../src/alerts/alert.ts';
import { createManualClock, type ManualClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { RunnableRule } from '../../src/rules/rule.ts';
import { createServiceClock } from '../../src/run/clock/service-clock.ts';
import type { RunReport } from '../../src/run/run-rule.ts';
import { timetableOf } from '../../src/run/schedule.ts';
import { sweepTimetable } from '../../src/run/sweep/sweep-view.ts';
import type { RunDeps, Tenant } from '../../src/run/tenant.ts';
import { takeTurn } from '../../src/run/turn.ts';
import { DEFAULT_WINDOW_SETTINGS } from '../../src/run/windows.ts';
import { createQuotaMeter } from '../../src/sources/quota/quota-meter.ts';
import type { Source } from '../../src/sources/source.ts';
import type { RunLane } from '../../src/state/run-record.ts';
import { openMemoryStore } from '../../src/state/sqlite-store.ts';
import type { Commit, Store } from '../../src/state/store.ts';

/** Where monotonic time begins: nothing may depend on it. */
export const ORIGIN = 5_000_000_000;

/** A tenant with one source, a memory store and a clock that stands still: enough to take turns. */
export interface Bench {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly deps: RunDeps;
  readonly tenant: Tenant;
  /** As after a new start of the process: what only memory knew is gone. */
  restart(): void;
  /** Alerts of all commits so far, in order. */
  readonly told: Alert[];
  readonly commits: Commit[];
  turn(rule: RunnableRule, kind?: RunLane, scheduledAt?: number | null): Promise<RunReport | null>;
}

export interface BenchOptions {
  readonly start: number;
  readonly source: (clock: ManualClock) => Source;
  /** The state to go on from, as the commits of an earlier bench left it; an empty one where they are left out. */
  readonly commits?: readonly Commit[];
  /** A state of another kind than memory. */
  readonly openStore?: (clock: ManualClock) => Store;
  /** Names of the targets of all rules. */
  readonly targets?: readonly string[];
  /** Nobody knows the service's time at first; else it is ours until a turn or an answer says another. */
  readonly unknownTime?: boolean;
  /** Called before every commit; throwing is a kill: nothing is committed. */
  readonly beforeCommit?: () => void;
}

export function openBench(options: BenchOptions): Bench {
  const clock = createManualClock(options.start, ORIGIN);
  const store = options.openStore?.(clock) ?? openMemoryStore({ clock });
  const targets = options.targets ?? ['soar'];
  const source = options.source(clock);
  const told: Alert[] = [];
  const commits: Commit[] = [];
  for (const one of options.commits ?? []) void store.commit({ ...one, fence: store.fence });
  const commit: Store['commit'] = async (one) => {
    options.beforeCommit?.();
    await store.commit(one);
    commits.push(one);
    told.push(...one.alerts);
  };
  let runs = 0;
  const commitHealth: Store['commitHealth'] = async (one) => {
    await store.commitHealth(one);
    told.push(...one.alerts);
  };
  const deps: RunDeps = {
    store: { ...store, commit, commitHealth },
    clock,
    log: silentLog,
    settings: DEFAULT_WINDOW_SETTINGS,
    waysOf: () => targets.map((target) => ({ target })),
    healthTargets: targets,
    newRunId: () => `run-${++runs}`,
    committed: () => undefined,
  };
  const meter = createQuotaMeter({
    tenant: 'default',
    api: source.api,
    limits: source.quota,
    store: store.quota,
    clock,
    serviceNow: () => tenant.serviceClock.now(),
  });
  let learnt = false;
  const open = (): Tenant => {
    const serviceClock = createServiceClock(clock);
    if (!options.unknownTime) serviceClock.set(clock.now());
    learnt = false;
    return { name: 'default', source, meter, serviceClock, rules: [] };
  };
  let tenant = open();
  /** Nobody waits here: what the meter refuses goes all the same, uncounted. */
  const admit = async (): Promise<number> => {
    const admission = await meter.admit('high');
    return admission.kind === 'go' ? admission.call : 0;
  };
  return {
    clock,
    store,
    deps,
    get tenant() {
      return tenant;
    },
    restart: () => {
      tenant = open();
    },
    told,
    commits,
    turn: async (rule, kind = 'due', scheduledAt = null) => {
      if (!learnt) tenant.serviceClock.set((await source.greet?.(new AbortController().signal)) ?? clock.now());
      learnt = true;
      return takeTurn(
        { tenant, rule, timetable: kind === 'sweep' ? sweepTimetable(rule.id) : timetableOf(rule), kind, scheduledAt },
        { admit, signal: new AbortController().signal, dryRun: false },
        deps,
      );
    },
  };
}
