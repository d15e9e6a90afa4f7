import { HOUR_MS, MINUTE_MS } from '../lib/duration.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RuleStanding, RuleState } from '../state/store.ts';
import { isPending } from './coverage/ledger.ts';
import { isFailedPart } from './coverage/slices.ts';
import type { Timetable } from './schedule.ts';

const LAG_GRACE_MS = 15 * MINUTE_MS;
const SHORTEST_RISE_MS = 15 * MINUTE_MS;
const LONGEST_RISE_MS = 2 * HOUR_MS;

/** How long a turn waits before it rises a lane. */
export function riseAfter(intervalMs: number): number {
  return Math.min(LONGEST_RISE_MS, Math.max(SHORTEST_RISE_MS, 4 * intervalMs));
}

/**
 * The oldest scheduled time that is not answered yet, which may lie ahead; null where there is none, and before the first run. A part of a
 * stream's window that failed by itself was asked at its time, and is told as what the answer lacks. What the first window reaches back over
 * had no scheduled time: it counts from that of the first run.
 * `delayMs` is how far behind a scheduled time the rule asks. Pure.
 */
export function oldestUnanswered(
  effectiveShape: RunnableRule['effectiveShape'],
  { frontier, ledger, firstTime }: Pick<RuleState, 'frontier' | 'ledger' | 'firstTime'>,
  timetable: Timetable,
  delayMs: number,
): number | null {
  if (frontier === null) return null;
  const pending = ledger.filter(isPending);
  if (effectiveShape === 'stream') {
    const whole = pending.filter((entry) => !isFailedPart(effectiveShape, entry));
    const covered = Math.min(frontier, ...whole.map((entry) => entry.from));
    const isOfFirst = firstTime !== undefined && covered < firstTime && firstTime <= frontier;
    return timetable.next((isOfFirst ? firstTime - 1 : covered) + delayMs);
  }
  const next = timetable.next(frontier + delayMs) ?? Number.POSITIVE_INFINITY;
  const oldest = Math.min(next, ...pending.map((entry) => entry.logicalTime + delayMs));
  return Number.isFinite(oldest) ? oldest : null;
}

/** How far behind a rule is at `now`, in ms. */
export function lagOf(unanswered: number | null, now: number): number {
  return unanswered === null ? 0 : Math.max(0, now - unanswered);
}

/** Whether a rule is too far behind; one that was is so until it has caught up to its last interval. */
export function isLagging(lagMs: number, intervalMs: number, before: boolean): boolean {
  return lagMs > (before ? intervalMs : 2 * intervalMs + LAG_GRACE_MS);
}

/** How a rule that is on stands, as people are told. One that nobody has run is not ok: nothing is known of it. */
export function stateToShow(state: RuleState | null, lags: boolean): RuleStanding | 'never-run' {
  if (!state?.lastRun) return 'never-run';
  return state.standing === 'ok' && lags ? 'lagging' : state.standing;
}
