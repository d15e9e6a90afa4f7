import { runSchedule } from '../../run/scheduler.ts';
import type { RunDeps, Tenant } from '../../run/tenant.ts';

/** The schedules of all tenants there are at the time. */
export interface Schedules {
  /** Runs them until the signal aborts or one of them gives up, which stops all; settles when the last one has ended. */
  run(): Promise<void>;
  /** Begins those of new tenants and ends those of tenants that are gone; resolves when these have ended. */
  follow(): Promise<void>;
}

export interface SchedulesOptions {
  readonly tenants: () => readonly Tenant[];
  readonly runs: RunDeps;
  readonly signal: AbortSignal;
  /** Told of each tenant before it begins. */
  readonly announce: (tenant: Tenant) => void;
  /** Told once one has ended although nothing said so. */
  readonly stop: () => void;
}

interface Going {
  readonly tenant: Tenant;
  readonly handOver: AbortController;
  readonly done: Promise<void>;
}

export function createSchedules({ tenants, runs, signal, announce, stop }: SchedulesOptions): Schedules {
  const going = new Set<Going>();
  const failures: unknown[] = [];
  const begin = (tenant: Tenant, after: readonly Promise<void>[]): void => {
    const handOver = new AbortController();
    const work = async (): Promise<void> => {
      await Promise.all(after);
      if (signal.aborted || handOver.signal.aborted) return;
      announce(tenant);
      await runSchedule(tenant, runs, signal, handOver.signal);
    };
    const done = work()
      .catch((thrown: unknown) => void failures.push(thrown))
      .finally(() => {
        going.delete(one);
        if (!handOver.signal.aborted || failures.length > 0) stop();
      });
    const one: Going = { tenant, handOver, done };
    going.add(one);
  };
  const follow = async (): Promise<void> => {
    const now = tenants();
    const gone = [...going].filter(({ tenant }) => !now.includes(tenant));
    for (const { handOver } of gone) handOver.abort();
    const known = new Set([...going].map(({ tenant }) => tenant));
    for (const tenant of now.filter((one) => !known.has(one))) {
      // Two desks of one tenant would run a rule twice.
      const before = gone.filter((one) => one.tenant.name === tenant.name);
      begin(
        tenant,
        before.map(({ done }) => done),
      );
    }
    await Promise.all(gone.map(({ done }) => done));
  };
  return { follow, run: () => runAll(follow, going, failures) };
}

async function runAll(
  follow: () => Promise<void>,
  going: ReadonlySet<Going>,
  failures: readonly unknown[],
): Promise<void> {
  void follow();
  while (going.size > 0) await Promise.all([...going].map(({ done }) => done));
  if (failures.length > 0) throw failures[0];
}
