import type { Config } from '../../config/config.ts';
import { type Expiry, readExpiries } from '../../config/expiries.ts';
import { type CheckResult, failed, passed } from '../../lib/check-result.ts';
import { DAY_MS } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';

const WARN_MS = 30 * DAY_MS;

/**
 * Every certificate file that the configuration names, and every client secret whose end it says: whether it can be read and is valid;
 * `expiry` where it is for less than 30 days.
 */
export function certificateChecks(config: Config, now: number): readonly CheckResult[] {
  return readExpiries(config).map((one) => checkOf(one, now));
}

function checkOf({ subject, kind, validTo, reason }: Expiry, now: number): CheckResult {
  const name = kind === 'certificate' ? 'certificate' : 'client-secret';
  if (validTo === null)
    return failed(name, subject, `cannot be read: ${reason}`, 'Check the path and that the file is a PEM certificate.');
  const left = validTo - now;
  const days = Math.floor(left / DAY_MS);
  const day = new Date(validTo).toISOString().slice(0, 10);
  if (left < 0) return failed(name, subject, `expired on ${day}`, `Put a new ${kind} in its place.`);
  if (left < WARN_MS)
    return failed('expiry', subject, `expires in ${countOf(days, 'day')}, on ${day}`, 'Renew it before that day.');
  return passed(name, subject, `valid for ${countOf(days, 'more day')}`);
}
