import { createHash } from 'node:crypto';
import { DAY_MS, SECOND_MS } from '../../lib/duration.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { Timetable } from '../schedule.ts';
import { readAgainMs, type WindowSettings } from '../windows.ts';

/**
 * Whether a rule's late arrivals are swept: a stream over tables that have a time, whose windows we put into the query. What a set has
 * missed cannot be counted after the event.
 */
export function isSwept({ effectiveShape, prepared, window }: RunnableRule): boolean {
  // Nobody tells what came late.
  if (window.unstamped) return false;
  const driving = prepared.tables.filter(({ role }) => role === 'driving');
  const timed = driving.length > 0 && driving.every(({ timeColumn }) => timeColumn !== null);
  return effectiveShape === 'stream' && prepared.basis !== 'none' && timed;
}

/** The rule as its sweep's coverage sees it: once a day, by arrival, a day at least. */
export function asSwept(rule: RunnableRule): RunnableRule {
  return {
    ...rule,
    schedule: { kind: 'every', everyMs: DAY_MS, lookbackMs: DAY_MS },
    lookbackMs: DAY_MS,
    window: { ...rule.window, basis: 'ingestion' },
  };
}

/** How much later than it happened a row arrives that the normal run may have missed, ms: by event time what it reads again. */
export function laterThanMs(rule: RunnableRule, settings: WindowSettings): number {
  return rule.window.basis === 'event' ? readAgainMs(rule, settings) : settings.latenessMs;
}

/** When sweeps are due: once a day, at a time that is the rule's own, so that those of a thousand rules do not meet. */
export function sweepTimetable(ruleId: string): Timetable {
  const hash = createHash('sha256').update(`sweep ${ruleId}`).digest().readUInt32BE(0);
  const phase = (hash % (DAY_MS / SECOND_MS)) * SECOND_MS;
  const latest = (time: number): number => Math.floor((time - phase) / DAY_MS) * DAY_MS + phase;
  return { latest, next: (time) => latest(time) + DAY_MS };
}
