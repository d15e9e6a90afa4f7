import { endsRunner, type HuntwireError, toHuntwireError } from '../../lib/errors.ts';
import type { LogFields } from '../../lib/log.ts';
import type { Source } from '../../sources/source.ts';
import type { RuleState } from '../../state/store.ts';
import { type Turn, takeTurn } from '../turn.ts';
import type { Desk } from './desk.ts';
import type { Gate } from './gate.ts';
import { noteOutlook } from './outlook.ts';
import { planFirstSweep, planNextSweep } from './plan-sweeps.ts';
import { planAgain, planNext, shortestRest } from './plan-turns.ts';
import { isResting, noteRest } from './rests.ts';
import { noteStuck } from './stuck.ts';

/** One turn, asked at `source`, and what follows from it. Never rejects. */
export async function workTurn(desk: Desk, turn: Turn, gate: Gate, source: Source): Promise<void> {
  const { id } = turn.rule;
  try {
    const state = await desk.deps.store.ruleState(turn.tenant.name, id);
    const options = { admit: gate.admit, signal: desk.hard.signal, dryRun: false, state };
    const resting = isResting(desk, id, state);
    const asked = { ...turn, tenant: { ...turn.tenant, source } };
    // What a run goes by stays as it was when it began, whatever is configured meanwhile.
    const report = resting ? null : await takeTurn(asked, options, { ...desk.deps });
    const left = report?.commit.rule ?? (await stateNow(desk, turn, state));
    if (desk.entering.has(id)) return;
    if (turn.kind === 'sweep') {
      planNextSweep(desk, turn, report, left);
      return;
    }
    noteStuck(desk, turn, resting || report !== null);
    if (report) noteRest(desk, id, report.commit.rule);
    noteOutlook(desk, turn, left, turn.scheduledAt);
    const rests = left !== null && shortestRest(desk, turn, left) > 0;
    planNext(desk, turn, report || turn.kind === 'due' || rests ? left : null);
    planFirstSweep(desk, turn.rule, report?.commit.rule ?? null);
  } catch (thrown) {
    afterFault(desk, turn, toHuntwireError(thrown));
  } finally {
    await closeGate(desk, gate);
  }
}

/** A turn that had nothing to ask may have given windows up. */
async function stateNow({ deps }: Desk, turn: Turn, before: RuleState | null): Promise<RuleState | null> {
  return turn.kind === 'due' ? before : deps.store.ruleState(turn.tenant.name, turn.rule.id);
}

export async function closeGate(desk: Desk, gate: Gate): Promise<void> {
  await gate.close().catch((thrown) => noteFault(desk, 'an admission could not be returned', toHuntwireError(thrown)));
}

function afterFault(desk: Desk, turn: Turn, error: HuntwireError): void {
  if (desk.hard.signal.aborted) return;
  if (!desk.entering.has(turn.rule.id)) planAgain(desk, turn);
  noteFault(desk, 'run left nothing behind', error, { ruleId: turn.rule.id });
}

/** Tells what went wrong; where nothing can be kept any more, the desk ends. */
export function noteFault(desk: Desk, message: string, error: HuntwireError, more: LogFields = {}): void {
  if (endsRunner(error)) {
    desk.fatal = error;
    desk.bell.ring();
  }
  desk.deps.log.error(message, { tenant: desk.tenant.name, ...more, code: error.code, reason: error.message });
}
