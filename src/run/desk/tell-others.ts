import { MINUTE_MS } from '../../lib/duration.ts';
import { toHuntwireError } from '../../lib/errors.ts';
import type { QuotaUsage } from '../../sources/quota/quota-meter.ts';
import { tellHealth } from '../tell-health.ts';
import type { Desk } from './desk.ts';

/** One refusal may be chance. So long after it, */
const PATIENCE_MS = 15 * MINUTE_MS;
/** or where a second has followed within some minutes, it is told. */
const SLOW = 0.4;

/** Tells that others use up the tenant's quota, so that we go slower, and when that is over. Never rejects. */
export async function tellOthers(desk: Desk): Promise<void> {
  const { tenant, deps, others } = desk;
  const now = deps.clock.monotonic();
  try {
    const usage = await tenant.meter.usage();
    others.since = isSlowedByOthers(usage) ? (others.since ?? now) : null;
    const isHeld = others.since !== null && (now - others.since >= PATIENCE_MS || usage.pace <= SLOW);
    const firing = others.since !== null && (isHeld || others.told === true);
    if (firing === others.told || (others.since !== null && !firing)) return;
    await tellHealth(
      tenant,
      [
        {
          code: 'quota-shared',
          subject: tenant.name,
          firing,
          message: textOf(firing, usage),
          again: false,
          rule: null,
        },
      ],
      deps,
    );
    others.told = firing;
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    deps.log.warn('who uses the quota could not be told', { tenant: tenant.name, code, reason: message });
  }
}

function isSlowedByOthers({ slowedBy, pace }: QuotaUsage): boolean {
  return slowedBy === 'others' && pace < 1;
}

function textOf(firing: boolean, { pace }: QuotaUsage): string {
  if (!firing) return 'The service takes our calls at the configured pace again.';
  return `The service refused calls (429) although we had made fewer than it allows: other programs or people use the quota of this tenant, too. Rules go at ${Math.round(pace * 100)} % of the configured pace until that is over, the low ones last. Find out who asks (queries of the portal, other applications of the tenant), or leave them room with source.limits.`;
}
