import { DAY_MS, SECOND_MS } from '../../lib/duration.ts';
import type { QuotaUsage } from '../../sources/quota/quota-meter.ts';
import type { QuotaLimits } from '../../sources/source.ts';
import { knownTime } from '../clock/known-time.ts';
import type { Desk } from '../desk/desk.ts';
import type { NextTurn } from '../desk/ready-turns.ts';
import { planCalls } from '../plan/call-plan.ts';
import type { Turn } from '../turn.ts';
import type { LearntAnswer } from './pack-memory.ts';
import type { PackRide } from './start-pack.ts';

/** What all legs of a pack take and bring together, by what each took and brought alone; a service ends a call after three minutes. */
const MOST_RUN_MS = 45 * SECOND_MS;
const MOST_ROWS = 50_000;

/**
 * With which other turns the next one goes in one call: none but itself, unless calls are short and processing time is not. Null where it
 * cannot be one of several.
 */
export async function chooseRides(
  desk: Desk,
  next: NextTurn<Turn>,
): Promise<readonly [PackRide, ...PackRide[]] | null> {
  const most = desk.tenant.source.packRules ?? 1;
  const now = desk.deps.clock.monotonic();
  const first = most > 1 ? candidateOf(desk, next, now) : null;
  if (!first || !(await areCallsShort(desk))) return null;
  const chosen: Candidate[] = [first];
  for (const other of desk.ready.waiting(now)) {
    if (chosen.length >= most) break;
    const candidate = other.turn === next.turn ? null : candidateOf(desk, other, now);
    if (candidate && fits(desk, chosen, candidate, now)) chosen.push(candidate);
  }
  return chosen.length === 1 ? null : [rideOf(first), ...chosen.slice(1).map(rideOf)];
}

interface Candidate {
  readonly next: NextTurn<Turn>;
  readonly answer: LearntAnswer;
}

function rideOf({ next, answer }: Candidate): PackRide {
  return { next, member: { ruleId: next.turn.item.rule.id, columns: answer.columns } };
}

/** Due turns of streams over known tables, as the analysis calls them, that were asked alone within a day. */
function candidateOf({ running, packing }: Desk, next: NextTurn<Turn>, now: number): Candidate | null {
  const { rule, kind, errand } = next.turn.item;
  if (kind !== 'due' || errand || !isPackableRule(rule) || running.has(rule.id)) return null;
  const answer = packing.memory.answerOf(rule, now);
  return answer && answer.columns.length > 0 ? { next, answer } : null;
}

export function isPackableRule({ prepared, effectiveShape }: Turn['rule']): boolean {
  const isStream = effectiveShape === 'stream' && prepared.shape === 'stream' && prepared.shapeReason === '';
  return isStream && prepared.packable === true && prepared.tables.every(({ known, nameLeg }) => known && !nameLeg);
}

function fits({ packing }: Desk, chosen: readonly Candidate[], candidate: Candidate, now: number): boolean {
  const all = [...chosen, candidate];
  const sum = (of: (answer: LearntAnswer) => number): number =>
    all.reduce((total, { answer }) => total + of(answer), 0);
  const id = candidate.next.turn.item.rule.id;
  return (
    sum(({ runMs }) => runMs) <= MOST_RUN_MS &&
    sum(({ rows }) => rows) <= MOST_ROWS &&
    chosen.every(({ next }) => packing.memory.goTogether(next.turn.item.rule.id, id, now))
  );
}

/** Whether more turns wait than calls are left, or the schedules ask for more calls than there are; and queries still have time to run. */
async function areCallsShort(desk: Desk): Promise<boolean> {
  const usage = await desk.tenant.meter.usage();
  if (usage.heldMs !== null || isRunTimeShort(usage, desk.tenant.source.quota)) return false;
  return desk.ready.size > usage.room || isPlannedShort(desk);
}

const NEARLY_ALL = 0.9;

function isRunTimeShort({ runSecondsLastHour, runSecondsLastDay }: QuotaUsage, limits: QuotaLimits): boolean {
  const isShort = (used: number, limit: number | null): boolean => limit !== null && used >= limit * NEARLY_ALL;
  return isShort(runSecondsLastHour, limits.runSecondsPerHour) || isShort(runSecondsLastDay, limits.runSecondsPerDay);
}

/** As `plan` says, looked at once a day. */
function isPlannedShort({ tenant, packing, deps }: Desk): boolean {
  const now = deps.clock.monotonic();
  if (packing.plan === null || now - packing.plan.at >= DAY_MS) {
    const { fits: isEnough } = planCalls(tenant.rules, {
      tenant: tenant.name,
      quota: tenant.source.quota,
      now: knownTime(tenant.serviceClock),
    });
    packing.plan = { at: now, isShort: !isEnough };
  }
  return packing.plan.isShort;
}
