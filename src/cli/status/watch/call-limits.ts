import { openSource } from '../../../app/open-parts.ts';
import type { Config } from '../../../config/config.ts';
import { createMemoryCache } from '../../../lib/cache.ts';
import { unaskedTenant } from '../../doctor/plan-checks.ts';
import { createHost } from '../../host.ts';
import type { World } from '../../terminal/world.ts';

/** Calls that each tenant may make in an hour; null: as many as it likes, or it cannot be asked as it is configured. Nothing is asked of any service. */
export async function callLimits(world: World, config: Config): Promise<ReadonlyMap<string, number | null>> {
  const host = createHost(world, { ...config, log: { ...config.log, level: 'error' } }, 'in-process', 'status');
  const limits = new Map<string, number | null>();
  for (const tenant of config.tenants) {
    if (tenant.blocked) {
      limits.set(tenant.name, null);
      continue;
    }
    const source = openSource(unaskedTenant(tenant), createMemoryCache(), host);
    limits.set(tenant.name, source.quota.callsPerHour);
    await source.close();
  }
  return limits;
}
