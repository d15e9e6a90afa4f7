import { MINUTE_MS, SECOND_MS } from '../lib/duration.ts';
import { toHuntwireError } from '../lib/errors.ts';
import type { Store } from '../state/store.ts';
import type { DeliveryResult, JournalMessage, Target } from '../targets/target.ts';
import type { JournalFileDeps } from './journal-file.ts';
import { journalMessage } from './journal-message.ts';

export interface JournalPushDeps extends Omit<JournalFileDeps, 'store'> {
  readonly store: Pick<Store, 'journal' | 'journalPlace' | 'cache' | 'keepFirst'>;
  /** For the name of this state, which it keeps. */
  readonly newRunId: () => string;
}

/** Has no part in deliveries of alerts: connections and patience are its own. */
export type JournalTarget = Pick<Target, 'name'> & Required<Pick<Target, 'carry'>>;

const LOOK_MS = 2 * SECOND_MS;
const FIRST_PAUSE_MS = 5 * SECOND_MS;
const LONGEST_PAUSE_MS = 5 * MINUTE_MS;
/** Handed over at once; what a transaction left behind stays together when it is read. */
const AT_ONCE = 200;

interface Pushing extends JournalPushDeps {
  readonly target: JournalTarget;
  readonly signal: AbortSignal;
  readonly origin: string;
  /** Failures one after another. */
  failures: number;
}

/**
 * Hands what happens to a target until `signal` aborts: in its order, at least once, from where it stopped the last time. What the target
 * does not take is tried again, for as long as the journal keeps it; what it refuses for good is left out and told in the log. Nothing
 * else waits for it.
 */
export async function keepJournalPushed(
  target: JournalTarget,
  deps: JournalPushDeps,
  signal: AbortSignal,
): Promise<void> {
  const pushing: Pushing = { ...deps, target, signal, origin: '', failures: 0 };
  while (!signal.aborted) {
    const pause = await pushNew({ ...pushing, origin: await originOf(deps) }).then(
      (stopped) => pauseAfter(pushing, stopped),
      (thrown) => pauseAfter(pushing, { reason: toHuntwireError(thrown).message, retryAfterMs: null }),
    );
    await deps.clock.sleep(pause, signal).catch(() => undefined);
  }
}

/** Why it goes no further at the moment. */
interface Stopped {
  readonly reason: string;
  readonly retryAfterMs: number | null;
}

function pauseAfter(pushing: Pushing, stopped: Stopped | null): number {
  const { target, log, signal } = pushing;
  if (stopped === null) {
    if (pushing.failures > 0) log.info('Events reach their target again.', { target: target.name });
    pushing.failures = 0;
    return LOOK_MS;
  }
  if (signal.aborted) return 0;
  const about = { target: target.name, reason: stopped.reason };
  if (pushing.failures === 0) log.warn('Events do not reach their target; it is tried again.', about);
  const pause = FIRST_PAUSE_MS * 2 ** Math.min(pushing.failures, 10);
  pushing.failures += 1;
  return Math.min(LONGEST_PAUSE_MS, Math.max(pause, stopped.retryAfterMs ?? 0));
}

function originOf({ store, newRunId }: JournalPushDeps): Promise<string> {
  return store.keepFirst('events origin', newRunId());
}

async function pushNew(pushing: Pushing): Promise<Stopped | null> {
  const { store, target } = pushing;
  const name = `events to ${target.name}`;
  let after = await placeToGoOn(pushing, Number((await store.cache.get(name)) ?? 0));
  while (!pushing.signal.aborted) {
    const { events, place, isLast } = await store.journal({ after, limit: AT_ONCE });
    for (let next = 0; next < events.length; next += AT_ONCE) {
      const part = events.slice(next, next + AT_ONCE).map((event) => journalMessage(event, pushing.origin));
      const stopped = await handOver(part, pushing);
      if (stopped) return stopped;
    }
    if (place > after) await store.cache.set(name, String(place));
    after = place;
    if (isLast) return null;
  }
  return null;
}

/** What the journal has let go of in the meantime is told. */
async function placeToGoOn({ store, log, target }: Pushing, after: number): Promise<number> {
  const first = await store.journalPlace(0);
  if (after > 0 && after < first)
    log.warn('Events are older than the journal keeps them, and their target has not taken them: they are left out.', {
      target: target.name,
      entries: first - after,
    });
  return Math.max(after, first);
}

async function handOver(part: readonly JournalMessage[], { target, log, signal }: Pushing): Promise<Stopped | null> {
  const results = await target.carry(part, signal);
  const refused = results.filter(isRefused);
  const stopped = results.find(isStopped);
  // Those that come again with the rest are told then.
  if (stopped) return { reason: stopped.reason, retryAfterMs: stopped.retryAfterMs };
  if (refused.length > 0)
    log.warn('The target of events refuses some for good: they are left out.', {
      target: target.name,
      events: refused.length,
      reason: refused[0]?.reason ?? '',
    });
  return null;
}

type Refused = Extract<DeliveryResult, { readonly kind: 'refused' }>;

function isRefused(result: DeliveryResult): result is Refused {
  return result.kind === 'refused';
}

function isStopped(
  result: DeliveryResult,
): result is Exclude<DeliveryResult, Refused | { readonly kind: 'delivered' }> {
  return result.kind === 'again' || result.kind === 'blocked';
}
