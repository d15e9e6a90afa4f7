import type { Alert } from '../alerts/alert.ts';
import type { Decision } from '../alerts/decide/decision.ts';
import { mapInTurns } from '../lib/loop/in-turns.ts';
import type { RunRecord } from '../state/run-record.ts';
import type { Commit } from '../state/store.ts';
import { miscountOf } from './add-up.ts';
import { knownTime } from './clock/known-time.ts';
import { type CommitInput, commitOf } from './commit.ts';
import { decideHits } from './decide-hits.ts';
import { firingOfRun, NO_FIRING_NEWS } from './firing/firing-of-run.ts';
import { type AlertMaker, alertMakerOf } from './make-alerts.ts';
import { classOf } from './outcome.ts';
import { queryWindow, type WindowAnswer } from './query-window.ts';
import type { RunInput } from './run-input.ts';
import type { RunDeps } from './tenant.ts';

export interface RunReport {
  readonly run: RunRecord;
  /** Alerts that the commit holds, health alerts included. */
  readonly alerts: readonly Alert[];
  readonly answer: WindowAnswer;
  readonly decision: Decision | null;
  readonly commit: Commit;
}

/**
 * Asks, decides and builds all that one run leaves behind, and commits nothing: the caller passes `commit` to the store, or prints it
 * on a dry run. Rejects only where nothing may be committed: the work was stopped, or the state cannot be read.
 */
export async function runRule(input: RunInput, deps: RunDeps): Promise<RunReport> {
  const startedAt = knownTime(input.tenant.serviceClock);
  const answer = await queryWindow(input, deps);
  const failed = { input, decision: null, alerts: [], firing: NO_FIRING_NEWS, startedAt };
  if (answer.kind === 'failed') return report({ ...failed, answer }, deps);
  const decision = await decideHits(input, answer, deps);
  const time = knownTime(input.tenant.serviceClock);
  const alerts = await alertsOf(decision, alertMakerOf(input, answer, time, deps.redaction));
  const error = miscountOf(answer.asked.rows, decision, alerts);
  if (error) {
    const { counts } = classOf(error);
    const { calls, query = null } = answer;
    return report({ ...failed, answer: { kind: 'failed', error, calls, counts, query } }, deps);
  }
  const firing = await firingOfRun({ input, answer, decision, alerts, time }, deps);
  return report({ input, answer, decision, alerts: firing.own, firing, startedAt }, deps);
}

/** A thousand take several turns of the event loop. */
async function alertsOf({ told, overflow }: Decision, make: AlertMaker): Promise<readonly Alert[]> {
  const alerts = await mapInTurns(told, make.ofHit);
  return overflow ? [...alerts, make.ofOverflow(overflow)] : alerts;
}

async function report(from: CommitInput, deps: RunDeps): Promise<RunReport> {
  const commit = await commitOf(from, deps);
  return { run: commit.run, alerts: commit.alerts, answer: from.answer, decision: from.decision, commit };
}
