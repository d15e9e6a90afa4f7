import type { RunRecord } from '../state/run-record.ts';

/** A run as machine output has it: UTC ISO times, no internal fields. */
export function runDocument(run: RunRecord): Readonly<Record<string, unknown>> {
  const { runId, tenant, ruleId, lane, outcome, error, truncated } = run;
  const { rows, hits, toldHits, alerts, suppressed, reasons, rowReasons } = run;
  const window = run.window && { from: iso(run.window.from), to: iso(run.window.to), basis: run.window.basis };
  const counts = { rows, hits, toldHits, alerts, suppressed, reasons, rowReasons };
  const { exceptions } = run;
  return {
    ...{ runId, tenant, rule: ruleId, window, lane, outcome, error, ...counts },
    ...(exceptions && { exceptions }),
    truncated,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
