import { endsRunner, toHuntwireError } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';
import { tellHealth } from '../tell-health.ts';
import { longestSleep, type RunDeps, type Tenant } from '../tenant.ts';

type TakeoverDeps = Pick<
  RunDeps,
  'store' | 'clock' | 'log' | 'healthTargets' | 'routeHealth' | 'committed' | 'silences' | 'longestSleepMs'
>;

/** Within an hour; more are no accident any more. */
const MOST = 3;

/**
 * Tells, at the start and each minute, whether processes take over from each other again and again, until `signal` aborts. `count`: how often
 * within the last hour. Told under the first tenant. Never rejects but with what ends the runner.
 */
export async function keepTakeovers(
  tenants: () => readonly Tenant[],
  count: () => Promise<number>,
  deps: TakeoverDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const [tenant] = tenants();
    if (tenant) await look(tenant, count, deps).catch((thrown) => afterFault(thrown, deps));
    // The sleep rejects when the work is stopped, which the loop looks at next.
    await deps.clock.sleep(longestSleep(deps), signal).catch(() => undefined);
  }
}

async function look(tenant: Tenant, count: () => Promise<number>, deps: TakeoverDeps): Promise<void> {
  const many = await count();
  const firing = many > MOST;
  const message = firing
    ? `Within an hour one process took over from another ${countOf(many, 'time')}. They are too slow to say that they are there, or lose their connection to the database. Nothing is lost; rules and deliveries wait each time.`
    : 'Processes do not take over from each other any more.';
  await tellHealth(tenant, [{ code: 'takeovers', subject: 'state', firing, message, again: false, rule: null }], deps);
}

function afterFault(thrown: unknown, { log }: TakeoverDeps): void {
  const error = toHuntwireError(thrown);
  if (endsRunner(error)) throw error;
  log.warn('who took over from whom could not be looked at', { code: error.code, reason: error.message });
}
