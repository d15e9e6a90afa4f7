import type { RunRecord } from '../state/store.ts';

/** A run as machine output has it: UTC ISO times, no internal fields. */
export function runDocument(run: RunRecord): Readonly<Record<string, unknown>> {
  const { runId, tenant, ruleId, outcome, error, rows, hits, alerts, suppressed, truncated } = run;
  const window = run.window && { from: iso(run.window.from), to: iso(run.window.to), basis: run.window.basis };
  return { runId, tenant, rule: ruleId, window, outcome, error, rows, hits, alerts, suppressed, truncated };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
