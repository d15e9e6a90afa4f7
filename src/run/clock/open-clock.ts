import type { Cache } from '../../lib/cache.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Source } from '../../sources/source.ts';
import { createClockEras } from './clock-eras.ts';
import { ourServiceClock } from './our-service-clock.ts';
import { createServiceClock, type ServiceClock } from './service-clock.ts';
import { readEras } from './stored-eras.ts';
import { readSkew } from './stored-skew.ts';

/** The clock that the runs of a tenant go by: that of its service, unknown at first; ours where the source is on this machine. */
export async function openServiceClock(
  tenant: string,
  { api }: Pick<Source, 'api'>,
  deps: { readonly clock: Clock; readonly cache: Pick<Cache, 'get'> },
): Promise<ServiceClock> {
  const eras = createClockEras(deps.clock, await readEras(deps.cache, tenant));
  if (api === 'local') return ourServiceClock(deps.clock, eras);
  return createServiceClock(deps.clock, (await readSkew(deps.cache, tenant)) ?? 0, eras);
}
