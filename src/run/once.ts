import { HuntwireError } from '../lib/errors.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { isPending } from './coverage.ts';
import { laneOf } from './lanes.ts';
import { noteDisabled } from './note-disabled.ts';
import type { RunReport } from './run-rule.ts';
import { createTimetable } from './schedule.ts';
import type { RunDeps, Tenant } from './tenant.ts';
import { type Turn, takeTurn } from './turn.ts';

export interface OnceOptions {
  readonly rules: readonly RunnableRule[];
  readonly dryRun: boolean;
  /** Epoch ms until which throttling and a full quota are waited for. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly onReport: (report: RunReport) => void;
}

/** One turn for each rule as of now, and then its backlog. Runs go side by side as far as the meter admits. */
export async function runOnce(tenant: Tenant, options: OnceOptions, deps: RunDeps): Promise<readonly RunReport[]> {
  const reports: RunReport[] = [];
  if (!options.dryRun) await noteDisabled(tenant, deps);
  const waiting = options.rules.filter((rule) => rule.status !== 'disabled');
  const worker = async (): Promise<void> => {
    for (let rule = waiting.shift(); rule && !options.signal.aborted; rule = waiting.shift()) {
      reports.push(...(await runOneRule(tenant, rule, options, deps)));
    }
  };
  await Promise.all(Array.from({ length: tenant.source.quota.concurrency }, worker));
  return reports;
}

async function runOneRule(
  tenant: Tenant,
  rule: RunnableRule,
  options: OnceOptions,
  deps: RunDeps,
): Promise<readonly RunReport[]> {
  const timetable = createTimetable(rule.schedule, rule.id);
  const reports: RunReport[] = [];
  let turn: Turn = { tenant, rule, timetable, kind: 'due', scheduledAt: null };
  for (;;) {
    const report = await tryTurn(turn, options, deps);
    if (!report) return reports;
    reports.push(report);
    options.onReport(report);
    const more = report.run.outcome === 'ok' && report.commit.rule.ledger.some(isPending);
    if (!more || options.dryRun) return reports;
    turn = { ...turn, kind: 'backlog' };
  }
}

/** A throttled due run is asked again until the deadline; its window is still pending then. */
async function tryTurn(turn: Turn, options: OnceOptions, deps: RunDeps): Promise<RunReport | null> {
  const admit = (): Promise<number> => admitUntil(turn, options, deps);
  const report = await takeTurn(turn, { admit, signal: options.signal, dryRun: options.dryRun }, deps);
  if (report?.run.error?.code !== 'SOURCE_THROTTLED' || options.dryRun) return report;
  const { pausedUntil } = await turn.tenant.meter.usage();
  if (pausedUntil === null || pausedUntil > options.deadline) return report;
  return tryTurn({ ...turn, kind: 'backlog' }, options, deps);
}

async function admitUntil(turn: Turn, options: OnceOptions, deps: RunDeps): Promise<number> {
  for (;;) {
    const admission = await turn.tenant.meter.admit(laneOf(turn.rule, turn.kind));
    if (admission.kind === 'go') return admission.at;
    if (admission.until > options.deadline && admission.reason !== 'concurrency') {
      const until = new Date(admission.until).toISOString();
      const message = `The quota of tenant ${turn.tenant.name} has no room before ${until} (${admission.reason}). Wait longer with --wait, or run again then.`;
      throw new HuntwireError('SOURCE_QUOTA', message, {
        retryable: true,
        retryAfterMs: admission.until - deps.clock.now(),
      });
    }
    await deps.clock.sleep(admission.until - deps.clock.now(), options.signal);
  }
}
