import { endsRunner, HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import type { RuleState } from '../../state/store.ts';
import { knownTime } from '../clock/known-time.ts';
import { riseAfter } from '../lag.ts';
import type { RunReport } from '../run-rule.ts';
import { intervalOf, timetableOf } from '../schedule.ts';
import { type Turn, takeTurn } from '../turn.ts';
import type { Desk } from './desk.ts';
import { endedError, type OpenErrand } from './errands.ts';
import type { Gate } from './gate.ts';
import { noteOutlook } from './outlook.ts';
import { planFirstSweep } from './plan-sweeps.ts';
import { planCatchUp } from './plan-turns.ts';
import { laneOf } from './ready-turns.ts';
import { noteRest } from './rests.ts';
import { closeGate, noteFault } from './work-turn.ts';

/** Has what was asked for wait for the quota among the other turns; that of a rule which is taken up anew waits for it. */
export function takeErrands(desk: Desk): void {
  const { tenant, errands, entering } = desk;
  errands.push(...(tenant.errands?.take() ?? []));
  for (const errand of errands.splice(0)) {
    const rule = desk.rules.find(({ id }) => id === errand.ruleId);
    const refusal = refusalOf(errand, rule);
    if (entering.has(errand.ruleId)) errands.push(errand);
    else if (rule && !refusal)
      enter(desk, { tenant, rule, timetable: timetableOf(rule), scheduledAt: null, errand, ...askedBy(errand) });
    else errand.reject(new HuntwireError('USAGE', refusal ?? ''));
  }
}

/** A run moves the frontier: of a rule that is switched off by now it would leave part of its pause out of the ledger. */
function refusalOf({ ruleId, kind }: OpenErrand, rule: RunnableRule | undefined): string | null {
  if (!rule) return `There is no rule "${ruleId}" any more.`;
  const isOff = kind === 'due' && rule.status === 'disabled';
  return isOff ? `The rule "${ruleId}" is disabled: it does not run.` : null;
}

function askedBy({ kind, wish }: OpenErrand): Pick<Turn, 'kind' | 'wish'> {
  return { kind, ...(wish && { wish }) };
}

function enter(desk: Desk, turn: Turn): void {
  const { rule, kind } = turn;
  const dueAt = desk.deps.clock.monotonic();
  const riseMs = riseAfter(intervalOf(rule));
  desk.ready.add({ item: turn, kind: kind === 'due' ? 'due' : 'backlog', lane: laneOf(rule, kind), dueAt, riseMs });
}

/** What waits of an errand whose turn was taken away begins anew. */
export function keepErrands(desk: Desk, isGone: (turn: Turn) => boolean): void {
  const waiting = desk.ready.waiting(desk.deps.clock.monotonic()).map(({ turn }) => turn.item);
  for (const turn of waiting) if (turn.errand && isGone(turn)) desk.errands.push(turn.errand);
}

/** Whoever waits for a desk that has ended waits for nothing. */
export function endErrands(desk: Desk): void {
  desk.tenant.errands?.close();
  keepErrands(desk, () => true);
  for (const errand of desk.errands.splice(0)) errand.reject(endedError());
}

/** A turn that somebody asked for, and what follows from it for the others of its rule. Never rejects. */
export async function workErrand(desk: Desk, turn: Turn, errand: OpenErrand, gate: Gate): Promise<void> {
  const { id } = turn.rule;
  try {
    if (!errand.begin()) return;
    const state = await desk.deps.store.ruleState(turn.tenant.name, id);
    const options = { admit: gate.admit, signal: desk.hard.signal, dryRun: false, state };
    const report = await takeTurn({ ...turn, scheduledAt: dueAt(turn, state) }, options, { ...desk.deps });
    if (report && turn.kind === 'due' && !desk.entering.has(id)) noteAsked(desk, turn, report);
    errand.resolve(report);
  } catch (thrown) {
    const error = toHuntwireError(thrown);
    if (endsRunner(error)) noteFault(desk, 'run left nothing behind', error, { ruleId: id });
    errand.reject(error);
  } finally {
    await closeGate(desk, gate);
  }
}

/** A set is asked at its own times, or its ids would not meet; any other as of now. */
function dueAt({ tenant, rule, timetable, kind }: Turn, state: RuleState | null): number | null {
  if (kind !== 'due' || rule.effectiveShape !== 'set' || (state?.frontier ?? null) === null) return null;
  return timetable.latest(knownTime(tenant.serviceClock));
}

/** Its own next turn is planned already. */
function noteAsked(desk: Desk, turn: Turn, { commit }: RunReport): void {
  noteRest(desk, turn.rule.id, commit.rule);
  noteOutlook(desk, turn, commit.rule, turn.scheduledAt);
  planCatchUp(desk, turn, commit.rule);
  planFirstSweep(desk, turn.rule, commit.rule);
}
