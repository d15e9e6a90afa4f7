import type { HuntwireError } from '../../lib/errors.ts';
import type { EndedCounts } from '../../sources/quota/quota-meter.ts';
import { askClock } from '../clock/ask-clock.ts';
import { isOwnWindow } from '../coverage.ts';
import { classOf } from '../outcome.ts';
import type { RunInput } from '../run-input.ts';
import type { RunDeps } from '../tenant.ts';

/** What the tenant's calls had come to when a run began, and what the run's own have come to since. */
export interface RunCalls {
  readonly before: EndedCounts;
  readonly own: EndedCounts;
}

/**
 * Whether a failure speaks against the window itself: only when the service answered another query meanwhile, as an outage is no
 * property of a window. Where nothing else was asked, the cheapest query decides, on the meter; `called` is told of it. Windows of
 * streams that can be divided are divided instead.
 */
export async function speaksAgainstWindow(
  input: RunInput,
  error: HuntwireError,
  { before, own }: RunCalls,
  deps: RunDeps,
  called: () => void,
): Promise<boolean> {
  if (!classOf(error).counts || !isOwnWindow(input.rule, input.planned)) return false;
  if (!input.weighsFailures) return true;
  const now = input.tenant.meter.endings();
  if (now.answered - before.answered - own.answered > 0) return true;
  if (now.ended - before.ended - own.ended > 0) return false;
  const call = await input.admit();
  const ended = await askClock(input.tenant, { call, fresh: false, signal: input.signal }, deps);
  called();
  return ended.end !== null;
}
