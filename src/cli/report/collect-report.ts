import { messageId } from '../../alerts/alert.ts';
import { techniquesByRules } from '../../rules/attack/techniques-by-rules.ts';
import type { Rule } from '../../rules/rule.ts';
import { coverageSpans } from '../../run/coverage/coverage-spans.ts';
import type { AlertMark } from '../../state/alert-page.ts';
import type { AcknowledgementCount } from '../../state/detour-store.ts';
import type { StoreReader } from '../../state/store.ts';
import {
  alertsByDay,
  callsByHour,
  countHappening,
  createSums,
  type PeriodSums,
  runsByDay,
  sumsKey,
} from './day-sums.ts';
import { latencyOf } from './latency.ts';
import type { ReportDocument, ReportedRule, ReportedTechnique } from './report-document.ts';

export interface ReportInput {
  readonly store: StoreReader;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly version: string;
  /** As their files are now; several tenants may share one. */
  readonly rules: readonly Rule[];
  /** Calls that each tenant may make in an hour. */
  readonly callsPerHour: ReadonlyMap<string, number | null>;
}

const PAGE = 2000;
/** More deliveries say nothing new of how long they take. */
const MOST_TIMES = 200_000;

/** Reads the journal of a period, page by page, and what the state holds beside it. */
export async function collectReport(input: ReportInput): Promise<ReportDocument> {
  const { store, from, to, version, callsPerHour } = input;
  const sums = createSums({ from, to });
  const eventTimes = await eventTimesOf(input);
  const times: number[] = [];
  for (let place = await store.journalPlace(from), isLast = false; !isLast; ) {
    const page = await store.journal({ after: place, limit: PAGE });
    for (const event of page.events) {
      countHappening(sums, event);
      if (event.kind !== 'delivery' || event.outcome !== 'delivered' || event.at > to) continue;
      const happened = eventTimes.get(event.messageId);
      if (happened !== undefined && times.length < MOST_TIMES) times.push(event.at - happened);
    }
    ({ place, isLast } = page);
  }
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    version,
    totals: sums.totals,
    runsByDay: runsByDay(sums),
    alertsByDay: alertsByDay(sums),
    rules: reportedRules(sums, await store.acknowledgementCounts()),
    latency: latencyOf(times),
    quota: [...callsPerHour].map(([tenant, limit]) => ({
      tenant,
      callsPerHour: limit,
      hours: callsByHour(sums, tenant),
    })),
    ...(await coverageOf(input, sums)),
    techniques: reportedTechniques(input.rules, sums),
  };
}

/** Of detections that were told in the period for the first time: when the newest of their events happened. */
async function eventTimesOf({ store, from, to }: ReportInput): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  let mark: AlertMark | null = null;
  for (let more = true; more && times.size < MOST_TIMES; ) {
    const page = await store.alertPage({ after: mark, limit: PAGE, since: from, kind: 'detection', status: 'firing' });
    for (const alert of page.alerts) {
      if (alert.revision === 0 && Date.parse(alert.time) <= to) times.set(messageId(alert), Date.parse(alert.lastSeen));
    }
    ({ more } = page);
    mark = page.end;
  }
  return times;
}

const NO_DISPOSITIONS = { true: 0, false: 0, benign: 0 } as const;

function reportedRules({ rules }: PeriodSums, counts: readonly AcknowledgementCount[]): readonly ReportedRule[] {
  const dispositions = new Map(counts.map((one) => [sumsKey(one.tenant, one.ruleId), one.dispositions]));
  return [...rules.values()]
    .map(({ searchedFrom: _, ...rule }) => ({
      ...rule,
      dispositions: dispositions.get(sumsKey(rule.tenant, rule.rule)) ?? NO_DISPOSITIONS,
    }))
    .sort((a, b) => b.alerts - a.alerts || (sumsKey(a.tenant, a.rule) < sumsKey(b.tenant, b.rule) ? -1 : 1));
}

async function coverageOf(
  { store, from, to }: ReportInput,
  { rules }: PeriodSums,
): Promise<Pick<ReportDocument, 'gaps' | 'coverage'>> {
  const states = await store.ruleStates();
  const coverage = states.map(({ tenant, ruleId: rule, state }) => {
    const searchedFrom = rules.get(sumsKey(tenant, rule))?.searchedFrom ?? null;
    return { tenant, rule, spans: coverageSpans(state, searchedFrom, { from, to }) };
  });
  const gaps = states.flatMap(({ tenant, ruleId: rule, state }) =>
    state.ledger
      .filter((entry) => entry.outcome === 'gap' && entry.to > from && entry.from < to)
      .map((entry) => ({ ...entry, tenant, rule })),
  );
  return {
    coverage: coverage.filter(({ spans }) => spans.length > 0),
    gaps: gaps
      .sort((a, b) => b.to - a.to)
      .map(({ tenant, rule, reason, ...gap }) => ({
        tenant,
        rule,
        from: new Date(gap.from).toISOString(),
        to: new Date(gap.to).toISOString(),
        reason,
      })),
  };
}

function reportedTechniques(rules: readonly Rule[], { rules: summed }: PeriodSums): readonly ReportedTechnique[] {
  const alerts = new Map<string, number>();
  for (const one of summed.values()) alerts.set(one.rule, (alerts.get(one.rule) ?? 0) + one.alerts);
  return techniquesByRules(rules).techniques.map(({ id, name, enabled, tested, rules: named }) => ({
    id,
    name,
    enabled,
    tested,
    alerts: named.reduce((sum, rule) => sum + (alerts.get(rule) ?? 0), 0),
  }));
}
