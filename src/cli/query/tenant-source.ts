import type { MeteredSource } from '../../actions/action-deps.ts';
import { openSource } from '../../app/open-parts.ts';
import type { Config } from '../../config/config.ts';
import { createMemoryCache } from '../../lib/cache.ts';
import type { Lane } from '../../sources/quota/lanes.ts';
import { chooseWholeTenant } from '../choose-tenant.ts';
import { createHost } from '../host.ts';
import type { World } from '../terminal/world.ts';
import { meteredSource } from './metered-source.ts';

/** The source of a tenant of the configuration, on its meter; close it behind you. */
export async function openTenantSource(
  world: World,
  config: Config,
  name: string | undefined,
  lane?: Lane,
): Promise<MeteredSource> {
  const tenant = chooseWholeTenant(config, name);
  const source = openSource(tenant, createMemoryCache(), createHost(world, config, 'in-process', 'query'));
  try {
    return await meteredSource(world, config, tenant.name, source, lane);
  } catch (thrown) {
    await source.close();
    throw thrown;
  }
}
