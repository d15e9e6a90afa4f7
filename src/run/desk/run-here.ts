import { HuntwireError } from '../../lib/errors.ts';
import type { AskedTenant, Errands } from './errands.ts';

/** Throws STATE_LOCKED where another process runs the tenant on the same state: who asks here would ask beside its quota. */
export function requireRunHere({ name, errands, runBy }: Pick<AskedTenant, 'name' | 'errands' | 'runBy'>): Errands {
  if (errands) return errands;
  const who = runBy?.() ?? null;
  const message = who
    ? `Tenant ${name} is run by ${who} at the moment; ask that one.`
    : `Another process runs tenant ${name} at the moment, or takes it just now ("huntwire status" tells which); ask that one.`;
  throw new HuntwireError('STATE_LOCKED', message, { retryable: true });
}
