import { withJoined } from '../../lib/abort.ts';
import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import type { Desk } from './desk.ts';

/** How long runs may go on after the process was told to stop, */
const GRACE_MS = 20 * SECOND_MS;
/** and after another desk was told to take the tenant over: longer than any source lets a query take. */
const HANDING_OVER_MS = 5 * MINUTE_MS;

/** Waits for the runs that go on, and ends their queries where they take too long. `stop` is the process' end, `handOver` the desk's. */
export async function finishRunning(desk: Desk, stop: AbortSignal, handOver: AbortSignal): Promise<void> {
  const over = new AbortController();
  const patience = endPatiently(desk, handOver.aborted && !stop.aborted ? stop : null, over.signal);
  await Promise.all(desk.running.values());
  over.abort();
  await patience;
}

/** Where only the tenant is handed over, the process' end shortens the patience. */
async function endPatiently(
  { deps: { clock }, hard }: Desk,
  stop: AbortSignal | null,
  over: AbortSignal,
): Promise<void> {
  if (stop) await withJoined([stop, over], (either) => clock.sleep(HANDING_OVER_MS, either)).catch(() => undefined);
  if (over.aborted) return;
  await clock.sleep(stop && !stop.aborted ? 0 : GRACE_MS, over).then(
    () => hard.abort(new Error('stopped')),
    () => undefined,
  );
}
