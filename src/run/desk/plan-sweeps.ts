import { HOUR_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { RuleState } from '../../state/store.ts';
import { knownTime } from '../clock/known-time.ts';
import { isPending } from '../coverage/ledger.ts';
import { restLeft } from '../coverage/rest.ts';
import type { RunReport } from '../run-rule.ts';
import { asSwept, isSwept, sweepTimetable } from '../sweep/sweep-view.ts';
import type { Turn } from '../turn.ts';
import { delayOf } from '../windows.ts';
import type { Desk } from './desk.ts';
import { pushDue } from './plan-turns.ts';

/** A sweep that failed is tried again after this: nobody waits for it. */
const RETRY_MS = HOUR_MS;

type Left = Pick<RuleState, 'late' | 'standing'> | null;

/** At the start of a process: a sweep that was missed is due at once. */
export function planMissedSweep(desk: Desk, rule: RunnableRule, state: Left): void {
  if (!state?.late) return;
  const { latest, next } = sweepTimetable(rule.id);
  const now = knownTime(desk.tenant.serviceClock);
  const covered = (state.late.frontier ?? now) + delayOf(asSwept(rule), desk.deps.settings);
  planSweepAt(desk, rule, Math.max(next(covered) ?? now, latest(now) ?? 0));
}

/** Behind the first run of a rule: what it has not asked for yet the next sweep looks at. */
export function planFirstSweep(desk: Desk, rule: RunnableRule, state: Left): void {
  if (!state?.late) return;
  planSweepAt(desk, rule, sweepTimetable(rule.id).next(knownTime(desk.tenant.serviceClock)));
}

function planSweepAt(desk: Desk, rule: RunnableRule, scheduledAt: number | null): void {
  if (scheduledAt === null || desk.sweeping.has(rule.id) || !isSwept(rule)) return;
  desk.sweeping.add(rule.id);
  pushDue(desk, { tenant: desk.tenant, rule, timetable: sweepTimetable(rule.id), kind: 'sweep', scheduledAt });
}

/**
 * What follows a sweep: the rest of it, where it could not be asked whole, else the next one. The rest is asked as the latest sweep that has
 * come due meanwhile: by the time of its first try nothing newer would ever be swept, once the source no longer keeps what waits.
 */
export function planNextSweep(desk: Desk, turn: Turn, report: RunReport | null, left: Left): void {
  const now = knownTime(desk.tenant.serviceClock);
  const waitMs = waitsFor(desk, turn, left);
  if (waitMs !== null && left?.standing !== 'blocked') {
    const pauseMs = report && report.run.outcome === 'ok' ? 0 : RETRY_MS;
    const rest = { ...turn, scheduledAt: turn.timetable.latest(now) };
    desk.heap.push(desk.deps.clock.monotonic() + Math.max(waitMs, pauseMs), rest);
    return;
  }
  const next = turn.timetable.next(now);
  if (next !== null) pushDue(desk, { ...turn, scheduledAt: next });
}

/** In how many ms a part of earlier sweeps may be asked; null: none waits. */
function waitsFor(desk: Desk, { rule }: Turn, left: Left): number | null {
  const now = knownTime(desk.tenant.serviceClock);
  const rests = (left?.late?.ledger ?? []).filter(isPending).map((entry) => restLeft(asSwept(rule), entry, now));
  return rests.length === 0 ? null : Math.min(...rests);
}
