import { MINUTE_MS } from '../../lib/duration.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import type { QuotaMeter } from '../../sources/quota/quota-meter.ts';
import type { Tenant } from '../tenant.ts';
import type { EndedCall } from './send-query.ts';

/** Failures that are the service's word on the query. */
const ANSWERS: ReadonlySet<ErrorCode> = new Set(['SOURCE_QUERY_INVALID', 'SOURCE_TABLE_MISSING']);

/** A 429 that says nothing else speaks of calls. */
const CALLS = { of: 'calls', allowed: null } as const;

/** What every call to a source leaves behind, whoever made it: the time that was told, the call on the meter, a pause. */
export async function noteCall(
  { serviceClock, meter }: Pick<Tenant, 'serviceClock' | 'meter'>,
  { call, runMs, end, error }: EndedCall,
): Promise<void> {
  const serviceTime = end?.serviceTime ?? error?.serviceTime ?? null;
  if (serviceTime !== null) serviceClock.observe(serviceTime);
  await recordCall(meter, { call, runMs, end, error });
}

/** The call on the meter, and a pause behind a 429. */
export async function recordCall(meter: QuotaMeter, { call, runMs, error }: EndedCall): Promise<void> {
  await meter.end(call, runMs, error === null || ANSWERS.has(error.code));
  if (error?.code === 'SOURCE_THROTTLED') await meter.pause(error.retryAfterMs ?? MINUTE_MS, error.throttle ?? CALLS);
}
