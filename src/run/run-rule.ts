import type { Alert } from '../alerts/alert.ts';
import type { Decision } from '../alerts/decide/decision.ts';
import type { Commit, RunRecord } from '../state/store.ts';
import { type Attempt, attemptWindow } from './attempt.ts';
import { type CommitInput, commitOf } from './commit.ts';
import { decideHits } from './decide-hits.ts';
import { alertsOf } from './make-alerts.ts';
import type { RunInput } from './run-input.ts';
import type { RunDeps } from './tenant.ts';

export interface RunReport {
  readonly run: RunRecord;
  /** Alerts that the commit holds, health alerts included. */
  readonly alerts: readonly Alert[];
  readonly attempt: Attempt;
  readonly decision: Decision | null;
  readonly commit: Commit;
}

/**
 * Asks, decides and builds all that one run leaves behind, and commits nothing: the caller passes `commit` to the store, or prints it
 * on a dry run. Rejects only where nothing may be committed: the work was stopped, or the state cannot be read.
 */
export async function runRule(input: RunInput, deps: RunDeps): Promise<RunReport> {
  const startedAt = deps.clock.now();
  const attempt = await attemptWindow(input, deps);
  if (attempt.kind === 'failed') return report({ input, attempt, decision: null, alerts: [], startedAt }, deps);
  const decision = await decideHits(input, attempt, deps.store);
  const alerts = alertsOf(input, attempt, decision, deps.clock.now());
  return report({ input, attempt, decision, alerts, startedAt }, deps);
}

async function report(from: CommitInput, deps: RunDeps): Promise<RunReport> {
  const commit = await commitOf(from, deps);
  return { run: commit.run, alerts: commit.alerts, attempt: from.attempt, decision: from.decision, commit };
}
