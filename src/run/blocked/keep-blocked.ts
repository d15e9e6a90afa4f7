import { endsRunner, type HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import { tellHealth } from '../tell-health.ts';
import { longestSleep, type RunDeps, type Tenant } from '../tenant.ts';

type BlockedDeps = Pick<
  RunDeps,
  'store' | 'clock' | 'log' | 'healthTargets' | 'routeHealth' | 'committed' | 'silences' | 'longestSleepMs'
>;

/** Tells, at the start and each minute, which tenants cannot be asked as they are configured, and which can again, until `signal` aborts. Never rejects but with what ends the runner. */
export async function keepBlocked(
  tenants: () => readonly Tenant[],
  deps: BlockedDeps,
  signal: AbortSignal,
): Promise<void> {
  const told = new WeakMap<Tenant, boolean>();
  while (!signal.aborted) {
    for (const tenant of tenants()) await look(tenant, told, deps).catch((thrown) => afterFault(thrown, tenant, deps));
    await deps.clock.sleep(longestSleep(deps), signal).catch(() => undefined);
  }
}

async function look(tenant: Tenant, told: WeakMap<Tenant, boolean>, deps: BlockedDeps): Promise<void> {
  const { name, source } = tenant;
  const error = source.blockedBy?.() ?? null;
  const isBlocked = error !== null;
  if (told.get(tenant) === isBlocked) return;
  const message = error ? blockedText(error) : 'The tenant can be asked again.';
  const condition = { code: 'tenant-blocked', subject: name, firing: isBlocked, message, again: false } as const;
  await tellHealth(tenant, [{ ...condition, rule: null }], deps);
  if (error) deps.log.error('A tenant cannot be asked as it is configured.', { tenant: name, reason: error.message });
  else if (told.has(tenant)) deps.log.info('A tenant can be asked again.', { tenant: name });
  told.set(tenant, isBlocked);
}

function blockedText({ code, message }: HuntwireError): string {
  return `None of its rules runs: ${code}: ${message} Other tenants go on. Windows wait; a file that was missing or wrong is read again each minute, what stands in the configuration by a reload.`;
}

function afterFault(thrown: unknown, { name }: Tenant, { log }: BlockedDeps): void {
  const error = toHuntwireError(thrown);
  if (endsRunner(error)) throw error;
  log.warn('whether a tenant is blocked could not be told', { tenant: name, code: error.code, reason: error.message });
}
