import { openSource } from '../../app/open-parts.ts';
import type { Config } from '../../config/config.ts';
import { createMemoryCache } from '../../lib/cache.ts';
import type { Source } from '../../sources/source.ts';
import { chooseTenant } from '../choose-tenant.ts';
import { createHost } from '../host.ts';
import type { World } from '../terminal/world.ts';

/** The source of a tenant of the configuration; close it behind you. */
export function openTenantSource(world: World, config: Config, name: string | undefined): Source {
  const tenant = chooseTenant(config.tenants, name);
  return openSource(tenant, createMemoryCache(), createHost(world, config, 'in-process', 'query'));
}
