import type { Cache } from '../../lib/cache.ts';
import type { Tenant } from '../tenant.ts';
import type { KeptEras } from './clock-eras.ts';

function keyOf(tenant: string): string {
  return `clock-eras ${JSON.stringify([tenant])}`;
}

/** What earlier processes went by; null where nobody knows. Losing it hides only that one of them went by a clock that was ahead. */
export async function readEras(cache: Pick<Cache, 'get'>, tenant: string): Promise<KeptEras | null> {
  const stored = await cache.get(keyOf(tenant));
  return stored === null ? null : (JSON.parse(stored) as KeptEras);
}

/** Before coverage is written that a new setting of the clock made, or a later process would not know what made it. */
export async function keepEras(
  { name, serviceClock }: Pick<Tenant, 'name' | 'serviceClock'>,
  cache: Pick<Cache, 'set'>,
): Promise<void> {
  const changed = serviceClock.eras.changed();
  if (changed) await cache.set(keyOf(name), JSON.stringify(changed));
}
