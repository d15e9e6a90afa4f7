import { intervalOf } from '../schedule.ts';
import type { Turn } from '../turn.ts';
import type { Desk } from './desk.ts';

/**
 * Notes whether a due turn had anything to ask. Where L stays behind what is covered for longer than an interval, the service's clock may
 * be the one that is behind: then it is asked for again.
 */
export function noteStuck(desk: Desk, { rule, kind }: Turn, ran: boolean): void {
  if (kind !== 'due') return;
  const now = desk.deps.clock.monotonic();
  const since = desk.stuckSince.get(rule.id) ?? now;
  if (ran || now - since >= intervalOf(rule)) desk.stuckSince.delete(rule.id);
  else desk.stuckSince.set(rule.id, since);
  if (!ran && now - since >= intervalOf(rule)) desk.tenant.serviceClock.doubt();
}
