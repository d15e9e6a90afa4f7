import { createEmulatedMeter } from '../../../src/emulator/meter.ts';
import { createManualClock, type ManualClock } from '../../../src/lib/clock.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/duration.ts';
import type { RunnableRule } from '../../../src/rules/rule.ts';
import { createReadyTurns, type ReadyTurns } from '../../../src/run/desk/ready-turns.ts';
import { isLagging, riseAfter } from '../../../src/run/lag.ts';
import { intervalOf, type Timetable, timetableOf } from '../../../src/run/schedule.ts';
import { createQuotaMeter } from '../../../src/sources/quota/quota-meter.ts';
import { type QuotaLimits, UNLIMITED } from '../../../src/sources/source.ts';
import { createMemoryQuota } from '../../sources/quota/memory-quota.ts';

export interface GovernedDay {
  /** Calls that the service refused. */
  readonly refused: number;
  readonly calls: number;
  /** Rules that were told as lagging at some time. */
  readonly lagging: ReadonlySet<string>;
  /** Scheduled times for which no turn began, because the one before still waited. */
  readonly skipped: number;
}

interface RuleTurn {
  readonly rule: RunnableRule;
  readonly timetable: Timetable;
  readonly scheduledAt: number;
  /** The oldest scheduled time without an answer. */
  readonly unanswered: number;
}

interface Day {
  readonly clock: ManualClock;
  readonly ready: ReadyTurns<RuleTurn>;
  waiting: RuleTurn[];
  readonly lagging: Set<string>;
  calls: number;
  skipped: number;
}

/**
 * A day of rules under the meter and the order in which turns go, as the scheduler has them, against a service that allows what the
 * services do of what we plan with: 45 of 40. Calls take no time.
 */
export async function governedDay(
  rules: readonly RunnableRule[],
  limits: Partial<QuotaLimits>,
  start: number,
): Promise<GovernedDay> {
  const clock = createManualClock(start);
  const all = { ...UNLIMITED, concurrency: 3, ...limits };
  const meter = createQuotaMeter({
    tenant: 't',
    api: 'graph',
    limits: all,
    store: createMemoryQuota(),
    clock,
    serviceNow: clock.now,
  });
  const service = createEmulatedMeter({
    callsPerMinute: Math.ceil(((limits.callsPerMinute ?? 1e6) * 45) / 40),
    callsPerHour: Math.ceil(((limits.callsPerHour ?? 1e6) * 1500) / 1400),
    runSecondsPerHour: 1e6,
    runSecondsPerDay: 1e6,
  });
  const day: Day = { clock, ready: createReadyTurns(), waiting: [], lagging: new Set(), calls: 0, skipped: 0 };
  for (const rule of rules) plan(day, rule, timetableOf(rule), start - 1, null);
  let refused = 0;
  while (clock.now() < start + DAY_MS) {
    takeDue(day);
    for (let next = day.ready.peek(clock.now(), () => false); next; next = day.ready.peek(clock.now(), () => false)) {
      const admission = await meter.admit(next.lane);
      if (admission.kind === 'wait') break;
      if (service.admit({ api: 'graph', requestId: '', now: clock.now() })) refused += 1;
      await meter.end(admission.call, 500);
      day.ready.spend(next);
      day.ready.remove(next.turn);
      answer(day, next.turn.item);
    }
    const dueMs = Math.min(...day.waiting.map(({ scheduledAt }) => scheduledAt)) - clock.now();
    await clock.advance(Math.max(1000, day.ready.size > 0 ? Math.min(dueMs, 5000) : Math.min(dueMs, MINUTE_MS)));
  }
  const { calls, lagging, skipped } = day;
  return { refused, calls, lagging, skipped };
}

function plan(day: Day, rule: RunnableRule, timetable: Timetable, after: number, unanswered: number | null): void {
  const scheduledAt = timetable.next(after);
  if (scheduledAt !== null) day.waiting.push({ rule, timetable, scheduledAt, unanswered: unanswered ?? scheduledAt });
}

function takeDue(day: Day): void {
  const now = day.clock.now();
  const due = day.waiting.filter(({ scheduledAt }) => scheduledAt <= now);
  if (due.length > 0) day.waiting = day.waiting.filter(({ scheduledAt }) => scheduledAt > now);
  for (const item of due) {
    const riseMs = riseAfter(intervalOf(item.rule));
    day.ready.add({ item, kind: 'due', lane: item.rule.severity, dueAt: now, riseMs });
  }
}

/** As the scheduler plans: the next time from now; what was due meanwhile is not asked by itself. */
function answer(day: Day, { rule, timetable, scheduledAt, unanswered }: RuleTurn): void {
  const now = day.clock.now();
  day.calls += 1;
  if (isLagging(now - unanswered, intervalOf(rule), false)) day.lagging.add(rule.id);
  const next = timetable.next(scheduledAt);
  if (next !== null && next <= now) day.skipped += 1;
  plan(day, rule, timetable, now, next);
}
