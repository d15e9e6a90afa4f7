import { HuntwireError } from '../../lib/errors.ts';
import type { AskedTenant, Errands } from './errands.ts';

/** Throws STATE_LOCKED where another process runs the tenant on the same state: who asks here would ask beside its quota. */
export function requireRunHere({ name, errands }: Pick<AskedTenant, 'name' | 'errands'>): Errands {
  if (errands) return errands;
  throw new HuntwireError(
    'STATE_LOCKED',
    `Another process runs tenant ${name} at the moment ("huntwire status" tells which); ask that one.`,
  );
}
