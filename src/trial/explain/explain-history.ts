import { fillTemplate } from '../../kql/query-template.ts';
import type { RunnableRule } from '../../rules/rule.ts';
import { timetableOf } from '../../run/schedule.ts';
import { delayOf } from '../../run/windows.ts';
import { labelledQuery } from '../../sources/hunting-request.ts';
import type { JournalStore, RunHistory } from '../../state/journal-store.ts';
import type { LedgerEntry, StoreReader } from '../../state/store.ts';
import { isoWindow } from './explain-tables.ts';
import type { ExplainedAlert, ExplainedHistory, ExplainedRun } from './history.ts';
import { historyInWords } from './history-in-words.ts';
import type { HistoryInput, KnownHistory } from './known-history.ts';

/** Runs that are told. */
const MOST_RUNS = 20;

/** Tells from the state why there was or was not an alert of what was there at an instant. Rejects with STATE_ errors. */
export async function explainHistory(
  rule: RunnableRule,
  input: HistoryInput,
  store: Pick<StoreReader, 'ruleState'> & Pick<JournalStore, 'runsAbout' | 'oldestRun'>,
): Promise<ExplainedHistory> {
  const { tenant, at, settings } = input;
  const state = await store.ruleState(tenant, rule.id);
  const found = await store.runsAbout(tenant, rule.id, { instant: at, limit: MOST_RUNS + 1 });
  const known: KnownHistory = {
    ...input,
    rule,
    state,
    entries: (state?.ledger ?? []).filter(({ from, to }) => from <= at && at < to),
    runs: found.slice(0, MOST_RUNS),
    hasMore: found.length > MOST_RUNS,
    dueAt: timetableOf(rule).next(at + delayOf(rule, settings)),
    oldestRun: (await store.oldestRun(tenant, rule.id))?.endedAt ?? null,
  };
  return {
    tenant,
    at: iso(at),
    says: historyInWords(known),
    dueAt: known.dueAt === null ? null : iso(known.dueAt),
    ledger: known.entries.map(toEntry),
    runs: known.runs.map((one) => toRun(rule.id, one)),
    hasMore: known.hasMore,
  };
}

function toEntry({ from, to, outcome, attempts, reason }: LedgerEntry): ExplainedHistory['ledger'][number] {
  return { from: iso(from), to: iso(to), outcome, attempts, reason };
}

function toRun(ruleId: string, history: RunHistory): ExplainedRun {
  const { run, template } = history;
  const { runId, lane, logicalTime, window, startedAt, endedAt, outcome, error, calls } = run;
  const { rows, rowReasons, hits, reasons, suppressed, truncated } = run;
  const times = { logicalTime, from: window?.from ?? null, to: window?.to ?? null };
  return {
    ...{ runId, lane, logicalTime: iso(logicalTime), window: isoWindow(window) },
    ...{ startedAt: iso(startedAt), endedAt: iso(endedAt), outcome, error, calls },
    query: template === null ? null : labelledQuery(ruleId, fillTemplate(template, times)),
    queryHash: run.query ?? null,
    slices: (run.slices ?? []).map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
    ...{ rows, rowReasons, hits, reasons, suppressed },
    ...(run.exceptions && { exceptions: run.exceptions }),
    truncated,
    alerts: alertsOf(history),
  };
}

function alertsOf({ alerts, messages }: RunHistory): readonly ExplainedAlert[] {
  return alerts.map(({ alertId, revision, alertKind, status, severity }) => ({
    ...{ id: alertId, revision, kind: alertKind, status, severity },
    deliveries: messages
      .filter((one) => one.alertId === alertId && one.revision === revision)
      .map(({ target, state, attempts, firstAt, settledAt, reason }) => ({
        ...{ target, state, attempts, reason },
        firstAt: firstAt === null ? null : iso(firstAt),
        settledAt: settledAt === null ? null : iso(settledAt),
      })),
  }));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
