import type { Cache } from '../../lib/cache.ts';

function keyOf(tenant: string): string {
  return `clock-skew ${JSON.stringify([tenant])}`;
}

/** Our clock minus the service's in ms as it was known last; null where it never was. Losing it costs a few calls at the next start. */
export async function readSkew(cache: Pick<Cache, 'get'>, tenant: string): Promise<number | null> {
  const stored = Number.parseInt((await cache.get(keyOf(tenant))) ?? '', 10);
  return Number.isNaN(stored) ? null : stored;
}

export function rememberSkew(cache: Pick<Cache, 'set'>, tenant: string, skewMs: number): Promise<void> {
  return cache.set(keyOf(tenant), String(Math.round(skewMs)));
}
