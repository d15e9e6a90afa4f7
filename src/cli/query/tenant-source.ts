import { openSource } from '../../app.ts';
import { createMemoryCache } from '../../lib/cache.ts';
import type { Source } from '../../sources/source.ts';
import { chooseTenant } from '../choose-tenant.ts';
import { createHost } from '../host.ts';
import { readConfig } from '../read-config.ts';
import type { World } from '../terminal/world.ts';

export interface TenantOptions {
  readonly config: string;
  readonly tenant?: string;
}

/** The source of a tenant of the configuration; close it behind you. */
export function openTenantSource(world: World, options: TenantOptions): Source {
  const config = readConfig(world, options.config);
  const tenant = chooseTenant(config.tenants, options.tenant);
  return openSource(tenant, createMemoryCache(), createHost(world, config, 'in-process', 'query'));
}
