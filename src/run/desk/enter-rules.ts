import type { RunnableRule } from '../../rules/rule.ts';
import { wholeRuleHash } from '../../rules/rule-hash.ts';
import { knownTime } from '../clock/known-time.ts';
import { noteSwitched } from '../empty/note-switched.ts';
import { moveRenamed } from '../opening/move-renamed.ts';
import { resolveGoneRules } from '../resolve-gone.ts';
import { timetableOf } from '../schedule.ts';
import type { Desk } from './desk.ts';
import { noteOutlook } from './outlook.ts';
import { planMissedSweep } from './plan-sweeps.ts';
import { planStart } from './plan-turns.ts';
import { keepErrands } from './work-errand.ts';

/**
 * Notices that the tenant has other rules than those that the desk plans by. What waits of a rule that was changed, removed or added is
 * taken away, and the rule is to be entered anew; one that runs goes on as it was.
 */
export function noteRules(desk: Desk): void {
  const { rules } = desk.tenant;
  if (rules === desk.rules) return;
  for (const id of changedIds(desk.rules, rules)) {
    desk.entering.add(id);
    desk.catchingUp.delete(id);
    desk.sweeping.delete(id);
    desk.behindSince.delete(id);
    desk.stuckSince.delete(id);
    // Whoever edits a blocked rule waits to see whether it runs now.
    desk.rests.set(id, Number.NEGATIVE_INFINITY);
  }
  desk.rules = rules;
  const waiting = desk.heap.drain().filter(({ item }) => !desk.entering.has(item.rule.id));
  for (const { at, item } of waiting) desk.heap.push(at, item);
  keepErrands(desk, ({ rule }) => desk.entering.has(rule.id));
  desk.ready.drop(({ rule }) => desk.entering.has(rule.id));
}

/** Rules that stand in one list only, or not alike in both. */
export function changedIds(before: readonly RunnableRule[], now: readonly RunnableRule[]): readonly string[] {
  const hashes = new Map(before.map((rule) => [rule.id, hashOf(rule)]));
  const others = now.filter((rule) => hashes.get(rule.id) !== hashOf(rule)).map(({ id }) => id);
  const kept = new Set(now.map(({ id }) => id));
  return [...others, ...[...hashes.keys()].filter((id) => !kept.has(id))];
}

/** What the analysis found follows from the rest. */
function hashOf({ prepared: _, ...rule }: RunnableRule): string {
  return wholeRuleHash(rule);
}

/**
 * Enters the rules that wait for it and do not run any more, as a start would. The state knows then which are switched off or on, and
 * what was open of those that are gone is resolved. Where that fails they wait on.
 */
export async function enterRules(desk: Desk): Promise<void> {
  const ids = [...desk.entering].filter((id) => !desk.running.has(id));
  if (ids.length === 0 || isRenamedWhileRunning(desk)) return;
  const { tenant, deps } = desk;
  const rules = tenant.rules.filter(({ id }) => ids.includes(id));
  await moveRenamed([tenant], deps);
  await noteSwitched({ ...tenant, rules }, deps);
  await noteOutlooks(desk, rules);
  await resolveGoneRules(tenant, deps);
  const on = new Set(rules.filter(({ status }) => status !== 'disabled').map(({ id }) => id));
  for (const id of ids) {
    desk.entering.delete(id);
    if (!on.has(id)) forget(desk, id);
  }
  planStart(desk, rules);
}

/** What a rule leaves to another name is whole only when its run has ended; until then nothing of it may seem to be gone. */
function isRenamedWhileRunning({ tenant, entering, running }: Desk): boolean {
  return tenant.rules.some(
    ({ id, previousIds = [] }) => entering.has(id) && previousIds.some((old) => running.has(old)),
  );
}

function forget(desk: Desk, id: string): void {
  desk.outlooks.delete(id);
  desk.rests.delete(id);
}

/** How rules stand before their first turn; one that never ran is first due at the latest time of its grid. */
export async function noteOutlooks(desk: Desk, rules: readonly RunnableRule[]): Promise<void> {
  const { tenant, deps } = desk;
  const now = knownTime(tenant.serviceClock);
  const states = new Map(
    (await deps.store.ruleStates()).filter((one) => one.tenant === tenant.name).map((one) => [one.ruleId, one.state]),
  );
  for (const rule of rules) {
    if (rule.status === 'disabled') continue;
    const timetable = timetableOf(rule);
    const state = states.get(rule.id) ?? null;
    noteOutlook(desk, { rule, timetable }, state, timetable.latest(now));
    planMissedSweep(desk, rule, state);
  }
}
