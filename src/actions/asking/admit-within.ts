import type { Clock } from '../../lib/clock.ts';
import { formatDuration, SECOND_MS } from '../../lib/duration.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Lane } from '../../sources/quota/lanes.ts';
import type { QuotaMeter } from '../../sources/quota/quota-meter.ts';

export interface AdmissionAsked {
  readonly tenant: string;
  readonly lane: Lane;
  readonly patienceMs: number;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly signal: AbortSignal;
  /** Told of every wait, and how long it is in words. */
  readonly onWait?: (waitMs: number, text: string) => void;
}

/** The meter's number of one call, once there is room for it; SOURCE_QUOTA where that would take longer than the caller's patience. */
export async function admitWithin(meter: Pick<QuotaMeter, 'admit'>, asked: AdmissionAsked): Promise<number> {
  const { tenant, lane, patienceMs, clock, signal, onWait } = asked;
  const deadline = clock.monotonic() + patienceMs;
  for (;;) {
    const admission = await meter.admit(lane);
    if (admission.kind === 'go') return admission.call;
    const { waitMs, reason } = admission;
    const text = formatDuration(Math.ceil(waitMs / SECOND_MS) * SECOND_MS);
    if (clock.monotonic() + waitMs > deadline) {
      const message = `The quota of tenant ${tenant} has no room before ${text} have passed (${reason}). Ask again then.`;
      throw new HuntwireError('SOURCE_QUOTA', message, { retryable: true, retryAfterMs: waitMs });
    }
    onWait?.(waitMs, text);
    await clock.sleep(waitMs, signal);
  }
}
