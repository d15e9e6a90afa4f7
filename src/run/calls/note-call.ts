import { MINUTE_MS } from '../../lib/duration.ts';
import type { Tenant } from '../tenant.ts';
import type { EndedCall } from './send-query.ts';

/** What every call to a source leaves behind, whoever made it: the time that was told, the call on the meter, a pause. */
export async function noteCall(
  { serviceClock, meter }: Pick<Tenant, 'serviceClock' | 'meter'>,
  { call, runMs, end, error }: EndedCall,
): Promise<void> {
  const serviceTime = end?.serviceTime ?? error?.serviceTime ?? null;
  if (serviceTime !== null) serviceClock.observe(serviceTime);
  await meter.end(call, runMs);
  if (error?.code === 'SOURCE_THROTTLED') await meter.pause(error.retryAfterMs ?? MINUTE_MS);
}
