import { MINUTE_MS, SECOND_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import { tellHealth } from '../tell-health.ts';
import type { RunDeps, Tenant } from '../tenant.ts';
import { rememberSkew } from './stored-skew.ts';

/** Unknown for so long is a condition. */
const PATIENCE_MS = 15 * MINUTE_MS;
/** Skews that differ by less are not written down anew. */
const WORTH_KEEPING_MS = SECOND_MS;

/** What is written down and told of the clock itself. */
export interface ClockNotes {
  /** Keeps the skew for the next start, tells that the clock is not known, and that it is known again. Never rejects. */
  keep(): Promise<void>;
}

export function createClockNotes(tenant: Tenant, deps: RunDeps): ClockNotes {
  const begun = deps.clock.monotonic();
  let keptSkewMs: number | null = null;
  let told: boolean | null = null;
  const keep = async (): Promise<void> => {
    const skewMs = tenant.serviceClock.skewMs();
    if (skewMs !== null && (keptSkewMs === null || Math.abs(skewMs - keptSkewMs) > WORTH_KEEPING_MS)) {
      await rememberSkew(deps.store.cache, tenant.name, skewMs);
      keptSkewMs = skewMs;
    }
    const unknown = skewMs === null;
    if (told === unknown || (unknown && deps.clock.monotonic() - begun < PATIENCE_MS)) return;
    await tellClock(tenant, unknown, deps);
    told = unknown;
  };
  return {
    keep: () =>
      keep().catch((thrown: unknown) => {
        const { code, message } = toHuntwireError(thrown);
        deps.log.warn('what is known of the clock could not be kept', { tenant: tenant.name, code, reason: message });
      }),
  };
}

function missedKey(tenant: string): string {
  return `clock-unknown ${JSON.stringify([tenant])}`;
}

/** For runs that end soon: the second one in a row that did not learn the time tells it. */
export async function noteLearning(tenant: Tenant, unknown: boolean, deps: RunDeps): Promise<void> {
  const { cache } = deps.store;
  const before = (await cache.get(missedKey(tenant.name))) === 'yes';
  if (unknown !== before) await cache.set(missedKey(tenant.name), unknown ? 'yes' : 'no');
  if (!unknown || before) await tellClock(tenant, unknown, deps);
}

/** That the clock is not known bears our own time, for want of a better one. */
export function tellClock(tenant: Tenant, unknown: boolean, deps: RunDeps): Promise<void> {
  const message = unknown
    ? "No answer tells the service's time, or what answers tell agrees neither with this machine's clock nor with one another. Until then no rule of the tenant runs, and nothing is given up. Check the network, the credentials and this machine's clock; this alert bears that clock."
    : "The service's time is known.";
  const condition = { code: 'clock-unknown', subject: tenant.name, firing: unknown, message, again: false } as const;
  return tellHealth(tenant, [{ ...condition, rule: null }], deps);
}
