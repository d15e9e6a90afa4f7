import { toHuntwireError } from '../../lib/errors.ts';
import { noteCall } from '../calls/note-call.ts';
import { type EndedCall, sendCall } from '../calls/send-query.ts';
import type { RunDeps, Tenant } from '../tenant.ts';

/** The cheapest query there is, for when nothing but the `Date` of its answer, or that there is one, matters. */
const QUERY = 'print now()';
const NAME = 'clock';

export interface ClockQuestion {
  /** The meter's number of the admitted call. */
  readonly call: number;
  /** Over a new connection. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks it once, on the meter; the time that comes back is observed. Rejects with ABORTED and STATE_ errors; failures of the source are in
 * what it gives.
 */
export async function askClock(
  tenant: Tenant,
  { call, fresh, signal }: ClockQuestion,
  { clock }: Pick<RunDeps, 'clock'>,
): Promise<EndedCall> {
  let last: EndedCall = { call, runMs: 0, end: null, error: null };
  const sending = {
    source: tenant.source,
    admit: async () => call,
    called: async (ended: EndedCall): Promise<void> => {
      last = ended;
      await noteCall(tenant, ended);
    },
    monotonic: clock.monotonic,
  };
  const sink = { schema: () => undefined, row: () => undefined };
  try {
    await sendCall(sending, { ruleId: NAME, query: QUERY, fresh, signal }, sink);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (error.code === 'ABORTED' || error.code.startsWith('STATE_') || signal.aborted) throw error;
  }
  return last;
}

/** The service's time that a call brought, if only with a refusal; epoch ms. */
export function timeOf({ end, error }: EndedCall): number | null {
  return end?.serviceTime ?? error?.serviceTime ?? null;
}
