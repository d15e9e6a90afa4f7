import { MINUTE_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { RuleState } from '../../state/store.ts';
import { knownTime, wakefulTime } from '../clock/known-time.ts';
import { isPending } from '../coverage/ledger.ts';
import { restLeft } from '../coverage/rest.ts';
import { timetableOf } from '../schedule.ts';
import type { Turn } from '../turn.ts';
import type { Desk } from './desk.ts';

const FIRST_RETRY_MS = MINUTE_MS;
const LONGEST_RETRY_MS = 15 * MINUTE_MS;

/** Each of these rules is first due at the latest time of its own grid, so that what was missed is made up for at once. */
export function planStart(desk: Desk, rules: readonly RunnableRule[]): void {
  const { tenant } = desk;
  const now = knownTime(tenant.serviceClock);
  for (const rule of rules) {
    if (rule.status === 'disabled') continue;
    const timetable = timetableOf(rule);
    const scheduledAt = timetable.latest(now) ?? timetable.next(now);
    if (scheduledAt !== null) pushDue(desk, { tenant, rule, timetable, kind: 'due', scheduledAt });
  }
}

/** Puts a due turn where the service's clock will have reached its time. */
export function pushDue(desk: Desk, turn: Turn): void {
  const waitMs = (turn.scheduledAt ?? 0) - knownTime(desk.tenant.serviceClock);
  desk.heap.push(desk.deps.clock.monotonic() + Math.max(0, waitMs), turn);
}

/** `left` is the rule's state behind the turn; also one that had nothing to ask, as after a restart, may leave windows to catch up with. */
export function planNext(desk: Desk, turn: Turn, left: Omit<RuleState, 'lastRun'> | null): void {
  if (turn.kind === 'backlog') desk.catchingUp.delete(turn.rule.id);
  else planNextDue(desk, turn);
  planCatchUp(desk, turn, left);
}

/** A turn for what the rule has still to catch up with, unless there is one. */
export function planCatchUp(desk: Desk, turn: Turn, left: Omit<RuleState, 'lastRun'> | null): void {
  const { id } = turn.rule;
  const now = desk.deps.clock.monotonic();
  if (left && !left.ledger.some(isPending)) desk.behindSince.delete(id);
  if (!left?.ledger.some(isPending) || desk.catchingUp.has(id) || left.standing === 'blocked') return;
  desk.catchingUp.add(id);
  desk.behindSince.set(id, desk.behindSince.get(id) ?? now);
  const retryMs = left.standing === 'ok' ? 0 : retryAfter(left.failures);
  const waitMs = Math.max(retryMs, shortestRest(desk, turn, left));
  const { errand: _, ...own } = turn;
  desk.heap.push(now + waitMs, { ...own, kind: 'backlog', scheduledAt: null });
}

/** In how many ms the first pending window may be asked again. */
export function shortestRest(desk: Desk, { rule }: Turn, { ledger }: Pick<RuleState, 'ledger'>): number {
  const now = knownTime(desk.tenant.serviceClock);
  const rests = ledger.filter(isPending).map((entry) => restLeft(rule, entry, now));
  return rests.length === 0 ? 0 : Math.min(...rests);
}

function planNextDue(desk: Desk, turn: Turn): void {
  const next = turn.timetable.next(knownTime(desk.tenant.serviceClock));
  if (next !== null) pushDue(desk, { ...turn, scheduledAt: next });
}

/** Nothing was committed: the frontier stands where it stood, and the same turn is taken again in a minute. */
export function planAgain(desk: Desk, turn: Turn): void {
  desk.heap.push(desk.deps.clock.monotonic() + FIRST_RETRY_MS, turn);
}

/**
 * Plans everything that waits by the clock as it is now. Scheduled times follow the service's clock; what waits for a length of time has
 * waited `sleptMs` longer than monotonic time knows, where the machine slept.
 */
export function planAnew(desk: Desk, sleptMs: number): void {
  const now = desk.deps.clock.monotonic();
  desk.ready.replace(atItsTime(desk));
  for (const { at, item } of desk.heap.drain()) {
    if (item.kind === 'due' || item.kind === 'sweep') pushAnew(desk, item);
    else desk.heap.push(Math.max(now, at - sleptMs), item);
  }
  for (const [ruleId, until] of desk.rests) desk.rests.set(ruleId, until - sleptMs);
  for (const [ruleId, outlook] of desk.outlooks)
    desk.outlooks.set(ruleId, { ...outlook, keptTo: outlook.keptTo - sleptMs });
}

/**
 * Puts a turn where its time is by the clock as it is now: that of one whose run was given up, because the clock was set back meanwhile,
 * may lie days ahead.
 */
export function pushAnew(desk: Desk, turn: Turn): void {
  pushDue(desk, turn.kind === 'sweep' ? { ...turn, scheduledAt: sooner(desk, turn) } : atItsTime(desk)(turn));
}

/** A time that a clock which was ahead has planned is not waited for. */
function sooner(desk: Desk, { scheduledAt, timetable }: Turn): number | null {
  const next = timetable.next(knownTime(desk.tenant.serviceClock));
  return scheduledAt === null || next === null ? next : Math.min(scheduledAt, next);
}

/**
 * A due turn whose time is the rule's latest or next one stays; any other was planned by a clock that was wrong. A rule that asked by one
 * that was ahead is asked again at once.
 */
function atItsTime(desk: Desk): (turn: Turn) => Turn {
  const { serviceClock } = desk.tenant;
  const [now, wakeful] = [knownTime(serviceClock), wakefulTime(serviceClock)];
  return (turn) => {
    // When it is due is decided when it begins.
    if (turn.errand) return turn;
    const [latest, next] = [turn.timetable.latest(now), turn.timetable.next(now)];
    const isEarly = latest !== null && serviceClock.eras.aheadSince(turn.rule.id, wakeful) !== null;
    if (turn.kind === 'due' && isEarly) return { ...turn, scheduledAt: latest };
    if (turn.kind !== 'due' || turn.scheduledAt === latest || turn.scheduledAt === next) return turn;
    return { ...turn, scheduledAt: latest ?? next };
  };
}

function retryAfter(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(10, Math.max(0, failures - 1)));
}
