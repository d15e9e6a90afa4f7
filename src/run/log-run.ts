import type { Decision } from '../alerts/decide/decision.ts';
import type { ReasonCounts } from '../alerts/decide/reasons.ts';
import { type Redactor, redactorFor } from '../alerts/redaction.ts';
import type { LogFields } from '../lib/log.ts';
import type { RunnableRule } from '../rules/rule.ts';
import type { RunReport } from './run-rule.ts';
import type { RunDeps } from './tenant.ts';

/** Hits of one run that the log tells singly. */
const MOST_HITS = 100;

/** What a committed run did: warnings about its result, one line of counts, and at debug what became of its hits. */
export function logRun(
  { run, answer, decision }: RunReport,
  rule: Pick<RunnableRule, 'redact'>,
  { log, redaction }: Pick<RunDeps, 'log' | 'redaction'>,
): void {
  const about = { runId: run.runId, tenant: run.tenant, ruleId: run.ruleId };
  const warnings = answer.kind === 'answered' ? answer.collected.warnings : [];
  for (const { kind, message, rows } of warnings)
    log.warn('the result is not what the rule expects', { ...about, kind, rows, reason: message });
  if (decision) logHits(decision, redactorFor(rule, redaction), about, log);
  const fields = {
    ...about,
    outcome: run.outcome,
    lane: run.lane,
    from: run.window && new Date(run.window.from).toISOString(),
    to: run.window && new Date(run.window.to).toISOString(),
    rows: run.rows,
    hits: run.hits,
    alerts: run.alerts,
    reasons: describeReasons(run.reasons),
    code: run.error?.code,
    reason: run.error?.message,
  };
  if (run.outcome === 'ok') log.info('run ended', fields);
  else log.warn('run did not succeed', fields);
}

function logHits({ outcomes }: Decision, redactor: Redactor | null, about: LogFields, log: RunDeps['log']): void {
  const shown = (key: string): string => redactor?.key(key) ?? key;
  for (const { hit, state, because } of outcomes.slice(0, MOST_HITS)) {
    const keys = { key: shown(hit.key), dedupKey: shown(hit.dedupKey) };
    log.debug('hit decided', { ...about, ...keys, rows: hit.rowCount, state, because });
  }
  if (outcomes.length > MOST_HITS)
    log.debug('more hits were decided than are told singly', { ...about, hits: outcomes.length - MOST_HITS });
}

/** As `3 new, 12 known`; undefined where there was no hit. */
function describeReasons(reasons: ReasonCounts): string | undefined {
  const parts = Object.entries(reasons).map(([reason, count]) => `${count} ${reason}`);
  return parts.length > 0 ? parts.join(', ') : undefined;
}
