import { MINUTE_MS } from '../../lib/duration.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import type { Tenant } from '../tenant.ts';
import type { EndedCall } from './send-query.ts';

/** Failures that are the service's word on the query. */
const ANSWERS: ReadonlySet<ErrorCode> = new Set(['SOURCE_QUERY_INVALID', 'SOURCE_TABLE_MISSING']);

/** What every call to a source leaves behind, whoever made it: the time that was told, the call on the meter, a pause. */
export async function noteCall(
  { serviceClock, meter }: Pick<Tenant, 'serviceClock' | 'meter'>,
  { call, runMs, end, error }: EndedCall,
): Promise<void> {
  const serviceTime = end?.serviceTime ?? error?.serviceTime ?? null;
  if (serviceTime !== null) serviceClock.observe(serviceTime);
  await meter.end(call, runMs, error === null || ANSWERS.has(error.code));
  if (error?.code === 'SOURCE_THROTTLED') await meter.pause(error.retryAfterMs ?? MINUTE_MS);
}
