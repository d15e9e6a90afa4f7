import type { Alert, HealthCode } from '../../../src/alerts/alert.ts';
import type { LedgerEntry } from '../../../src/state/store.ts';
import { HOUR, MINUTE, type RuleSpec, type Scenario, type SilenceSpec } from '../scenario.ts';
import type { Week } from '../world/play.ts';
import { type Finding, iso } from './finding.ts';
import { growsStill, mayBeToldLater, untoldGaps } from './gaps.ts';
import { shortestInterval } from './grid.ts';
import { isScarce } from './quota.ts';
import type { Chapter, CommittedRun } from './runs.ts';
import { holesIn, lastRules } from './timeline.ts';

/** What makes a condition of this kind possible at all in a week. */
const CAUSES: Readonly<Record<HealthCode, (week: Week) => boolean>> = {
  'rule-failing': hasFailures,
  'rule-blocked': () => false,
  gap: (week) => ledgerHas(week, 'gap'),
  truncated: (week) => hasFailures(week) || week.records.some((one) => one.kind === 'asked' && one.truncated),
  'target-blocked': ({ scenario }) => hasClosingFault(scenario),
  'dead-letter': ({ final, scenario }) => final.deadLetters.length > 0 || hasTargetFault(scenario),
  'clock-skew': (week) => hasClockFault(week) || week.scenario.faults.some((fault) => fault.kind === 'suspend'),
  'clock-unknown': (week) => hasClockFault(week) || hasFailures(week),
  'coverage-void': ({ scenario }) => scenario.faults.some((fault) => fault.kind === 'date'),
  'rule-lagging': (week) => week.scenario.faults.length > 0 || isScarce(week),
  'tenant-lagging': (week) => week.scenario.faults.length > 0 || isScarce(week),
  'exception-column': () => false,
  'silence-ended': (week) => hasSilence(week, 'silenced'),
  'maintenance-ended': (week) => hasSilence(week, 'maintenance'),
  heartbeat: () => false,
  expiry: () => false,
  'api-retires': () => false,
  'reload-refused': ({ records }) => records.some((one) => one.kind === 'reload' && one.refused),
  'late-arrivals': () => false,
  'quota-shared': (week) => hasFailures(week) || isScarce(week),
  'tenant-blocked': () => false,
  takeovers: () => false,
  'login-refused': ({ scenario }) => scenario.faults.some((fault) => fault.kind === 'api' && fault.failure === 'auth'),
  'rule-broken': () => false,
};

function hasFailures({ records, scenario }: Week): boolean {
  const failed = records.some(
    (one) => one.kind === 'asked' && one.about !== 'pack' && one.outcome !== 'answered' && one.outcome !== 'ABORTED',
  );
  return failed || scenario.faults.some((fault) => fault.kind === 'api');
}

function hasClockFault({ scenario }: Week): boolean {
  return scenario.skew !== 0 || scenario.faults.some((fault) => fault.kind === 'clock' || fault.kind === 'date');
}

function hasSilence({ scenario }: Week, counts: SilenceSpec['counts']): boolean {
  return (scenario.silences ?? []).some((silence) => silence.counts === counts);
}

function ledgerHas({ records }: Week, outcome: string): boolean {
  return records.some(
    (one) =>
      one.kind === 'commit' &&
      [...one.commit.rule.ledger, ...(one.commit.rule.late?.ledger ?? [])].some((entry) => entry.outcome === outcome),
  );
}

/** A target takes nothing before somebody does something, or has taken nothing for ten minutes. */
function hasClosingFault({ faults }: Scenario): boolean {
  return faults.some(
    (fault) =>
      fault.kind === 'target' &&
      (fault.failure === 'blocked' || (fault.failure !== 'refused' && fault.to - fault.from >= 10 * MINUTE)),
  );
}

/** Entries are refused, or wait longer than they may. */
function hasTargetFault({ faults }: Scenario): boolean {
  return faults.some(
    (fault) => fault.kind === 'target' && (fault.failure === 'refused' || fault.to - fault.from > 70 * HOUR),
  );
}

/** Health alerts have a cause; gaps and truncations have an alert; at the end of a calm day nothing stands open but what stays. */
export function checkHealth(week: Week, chapters: readonly Chapter[]): readonly Finding[] {
  const alerts = week.records.flatMap((record) =>
    record.kind === 'commit' || record.kind === 'health'
      ? record.commit.alerts.filter((alert) => alert.kind === 'health')
      : [],
  );
  return [
    ...falseAlarms(week, alerts),
    ...hasty(week),
    ...unalerted(chapters),
    ...untoldGaps(week),
    ...openAtEnd(week, chapters),
    ...(week.records.some((record) => record.kind === 'put-back') ? [] : revisions(alerts)),
  ];
}

function falseAlarms(week: Week, alerts: readonly Alert[]): readonly Finding[] {
  const told = new Map(alerts.map((alert) => [alert.health?.code, alert]));
  return [...told].flatMap(([code, alert]): readonly Finding[] => {
    if (!code || CAUSES[code](week)) return [];
    return [{ kind: 'false-alarm', subject: alert.health?.subject ?? '', message: `${code}: ${alert.description}` }];
  });
}

/** One failure that may pass pages nobody: the next try failed too, or an interval has gone by. */
function hasty({ records }: Week): readonly Finding[] {
  const failing = new Map<string, { readonly since: number; readonly tries: number }>();
  let rules: readonly RuleSpec[] = [];
  return records.flatMap((record): readonly Finding[] => {
    if (record.kind === 'start' || record.kind === 'reload') rules = record.rules;
    if (record.kind === 'commit' || record.kind === 'health') takeOver(failing, rules);
    if (record.kind === 'commit' && !['sweep', 'backfill'].includes(record.commit.run.lane)) {
      const { ruleId, run } = record.commit;
      const before = failing.get(ruleId) ?? { since: record.at, tries: 0 };
      if (run.outcome === 'failed') failing.set(ruleId, { ...before, tries: before.tries + 1 });
      else if (run.outcome === 'ok') failing.delete(ruleId);
    }
    if (record.kind !== 'commit' && record.kind !== 'health') return [];
    return record.commit.alerts.flatMap((alert): readonly Finding[] => {
      if (alert.health?.code !== 'rule-failing' || alert.status !== 'firing') return [];
      const { subject } = alert.health;
      const { since, tries } = failing.get(subject) ?? { since: record.at, tries: 0 };
      const spec = rules.find((rule) => rule.id === subject);
      if (tries >= 2 || !spec || record.at - since >= shortestInterval(spec, record.at) - 60_000) return [];
      return [{ kind: 'false-alarm', subject, message: `${iso(record.at)}: told as failing after one try` }];
    });
  });
}

/** What is known of a rule goes over to its new name. */
function takeOver<Known>(known: Map<string, Known>, rules: readonly RuleSpec[]): void {
  for (const { id, previousIds } of rules) {
    for (const old of previousIds) {
      const before = known.get(old);
      if (before !== undefined && !known.has(id)) known.set(id, before);
      known.delete(old);
    }
  }
}

/** The commit that writes a gap or a truncation tells it. */
function unalerted(chapters: readonly Chapter[]): readonly Finding[] {
  const before = new Map<string, readonly LedgerEntry[]>();
  return chapters.flatMap((chapter): readonly Finding[] => {
    if (chapter.kind !== 'run') return [];
    const { ruleId, rule, alerts, run } = chapter.commit;
    const lost = rule.ledger.filter((entry) => entry.outcome === 'gap');
    const known = before.get(ruleId) ?? [];
    const fresh = lost
      .flatMap((entry) => holesIn(entry.from, entry.to, known))
      .filter((hole) => !mayBeToldLater(hole, known));
    before.set(ruleId, lost);
    const tells = (code: HealthCode): boolean =>
      alerts.some((alert) => alert.health?.code === code && alert.status === 'firing');
    const findings: Finding[] = [];
    if (fresh.length > 0 && !tells('gap')) {
      const list = fresh.map((hole) => `[${iso(hole.from)}, ${iso(hole.to)})`).join(', ');
      findings.push({
        kind: 'unalerted',
        subject: ruleId,
        message: `${iso(chapter.at)}: no alert tells the gap ${list}`,
      });
    }
    if (run.outcome === 'ok' && run.truncated && !isTold(chapters, chapter, 'truncated')) {
      findings.push({
        kind: 'unalerted',
        subject: ruleId,
        message: `${iso(chapter.at)}: no alert tells that the answer was truncated`,
      });
    }
    return findings;
  });
}

/** Firing at this chapter: told by it or by one before, and not resolved since. */
function isTold(chapters: readonly Chapter[], until: Chapter, code: HealthCode): boolean {
  let open = false;
  const subject = until.kind === 'run' ? until.commit.ruleId : '';
  for (const chapter of chapters) {
    if (chapter.kind !== 'run') continue;
    const alert = chapter.commit.alerts.find((one) => one.health?.code === code && one.health.subject === subject);
    if (alert) open = alert.status === 'firing';
    if (chapter === until) return open;
  }
  return open;
}

const MAY_STAY: ReadonlySet<string> = new Set(['dead-letter']);

function openAtEnd(week: Week, chapters: readonly Chapter[]): readonly Finding[] {
  const { final, records, scenario } = week;
  const rules = new Set(
    lastRules(records)
      .filter((rule) => rule.status !== 'disabled')
      .map((rule) => rule.id),
  );
  const isSkewed = skewAtEnd(scenario) !== 0;
  return final.openHealth.flatMap((record): readonly Finding[] => {
    if (record.code === 'clock-skew' && isSkewed) return [];
    if (record.code.endsWith('-lagging') && isScarce(week)) return [];
    if (record.code === 'reload-refused' && isRefusedAtEnd(records)) return [];
    if (record.code === 'truncated' && doPartsWait(week, record.subject)) return [];
    if (record.code === 'gap' && (isStillLosing(chapters, record.subject) || growsStill(week, record.subject)))
      return [];
    if (MAY_STAY.has(record.code) || (record.code === 'truncated' && isStillTruncated(chapters, record.subject)))
      return [];
    const gone = !rules.has(record.subject) && record.code.startsWith('rule-') ? ' of a rule that is gone' : '';
    return [
      {
        kind: 'condition-left-open',
        subject: record.subject,
        message: `${record.code}${gone} since ${iso(record.since)} is open after a calm day`,
      },
    ];
  });
}

/** What our clock is ahead by when all is over, seconds. */
function skewAtEnd({ skew, faults }: Scenario): number {
  const settings = faults.flatMap((fault) => (fault.kind === 'clock' ? [fault] : [])).sort((a, b) => a.at - b.at);
  return settings.at(-1)?.skew ?? skew;
}

/** Nothing was read again, nor did a process start, since a reload was refused. */
function isRefusedAtEnd(records: Week['records']): boolean {
  const last = records.findLast((record) => record.kind === 'start' || record.kind === 'reload');
  return last?.kind === 'reload' && last.refused;
}

/** Parts of a stream's window that could not be asked wait still, as they may where calls are few (how long is the matter of coverage). */
export function doPartsWait({ final }: Pick<Week, 'final'>, ruleId: string): boolean {
  const { ledger = [] } = final.rules.get(ruleId) ?? {};
  return ledger.some(({ outcome, reason }) => outcome === 'pending' && reason !== null);
}

/**
 * Since it was told last no window of the rule was answered in full. With fewer calls than the schedule asks for, each answer finds that
 * more was lost meanwhile; what a sweep gave up stands until the next run of the schedule, as a sweep ends nothing.
 */
export function isStillLosing(chapters: readonly Chapter[], ruleId: string): boolean {
  const runs = chapters.filter((one) => one.kind === 'run').filter(({ commit }) => commit.ruleId === ruleId);
  const told = runs.findLastIndex(({ commit }) =>
    commit.alerts.some(({ health, status }) => health?.code === 'gap' && status === 'firing'),
  );
  const complete = runs.findLastIndex(
    ({ commit: { run } }) => isOfWindow(run) && run.outcome === 'ok' && !run.truncated,
  );
  return told >= 0 && told >= complete;
}

/** The latest window holds more than the service gives at once, or than there are calls to ask for singly. */
export function isStillTruncated(chapters: readonly Chapter[], ruleId: string): boolean {
  const runs = chapters
    .filter((one) => one.kind === 'run')
    .filter(({ commit }) => commit.ruleId === ruleId && commit.run.outcome === 'ok' && isOfWindow(commit.run));
  return runs.at(-1)?.commit.run.truncated ?? false;
}

/** A sweep, or a backfill, says nothing of the latest window. */
function isOfWindow({ lane }: CommittedRun['commit']['run']): boolean {
  return lane !== 'sweep' && lane !== 'backfill';
}

/**
 * Of one condition, or one alert, a firing comes first, a resolve last, and revisions go up by one. What has ended fires once more only
 * where the L that told it was asked again and found rows that nobody was told of, as by a backfill: ids meet there.
 */
export function revisions(alerts: readonly Alert[]): readonly Finding[] {
  const latest = new Map<string, Alert>();
  return alerts.flatMap((alert): readonly Finding[] => {
    const before = latest.get(alert.id);
    latest.set(alert.id, alert);
    const fits = before
      ? (before.status === 'firing' || alert.change?.kind === 'again') && alert.revision === before.revision + 1
      : alert.revision === 0 && alert.status === 'firing';
    const same = before && before.revision === alert.revision && before.status === alert.status;
    if (fits || same) return [];
    return [
      {
        kind: 'out-of-order',
        subject: alert.health?.subject ?? alert.rule.id,
        message: `${alert.health?.code ?? alert.id} ${alert.status} has revision ${alert.revision} behind ${before?.status} ${before?.revision}`,
      },
    ];
  });
}
