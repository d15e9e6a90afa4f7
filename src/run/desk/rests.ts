import { HOUR_MS } from '../../lib/duration.ts';
import type { RuleState } from '../../state/store.ts';
import { knownTime } from '../clock/known-time.ts';
import type { Desk } from './desk.ts';

/** A blocked rule is tried again at each scheduled time, at most hourly. */
const REST_MS = HOUR_MS;

/** What of its rest a rule has left that was tried at `triedAt` by the service's clock; never more than a whole one, whatever that clock was. */
function restLeft(triedAt: number, now: number): number {
  return Math.min(REST_MS, Math.max(0, REST_MS - (now - triedAt)));
}

export function isResting(desk: Desk, ruleId: string, state: RuleState | null): boolean {
  if (state?.standing !== 'blocked') return false;
  const now = desk.deps.clock.monotonic();
  let until = desk.rests.get(ruleId);
  if (until === undefined) {
    until = now + restLeft(state.lastRun?.startedAt ?? 0, knownTime(desk.tenant.serviceClock));
    desk.rests.set(ruleId, until);
  }
  return now < until;
}

/** Whether a rule rests from now on, as its run left it. */
export function noteRest(desk: Desk, ruleId: string, { standing }: Pick<RuleState, 'standing'>): void {
  if (standing === 'blocked') desk.rests.set(ruleId, desk.deps.clock.monotonic() + REST_MS);
  else desk.rests.delete(ruleId);
}
