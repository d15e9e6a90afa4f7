import { SUPPRESSION_REASONS } from '../../alerts/alert.ts';
import { formatDuration } from '../../lib/duration.ts';
import { countOf } from '../../lib/text.ts';
import { timeText } from '../terminal/time-text.ts';
import {
  alertsChart,
  dispositionsChart,
  latencyChart,
  MOST_BARS,
  noiseChart,
  type ReportChart,
  runsChart,
  techniquesChart,
} from './charts.ts';
import { RUN_OUTCOMES, SEVERITIES_UPWARDS } from './day-sums.ts';
import type { ReportDocument } from './report-document.ts';
import { COVERAGE_COLOURS, coverageChart, coverageRows, quotaChart } from './time-charts.ts';

/** A section of the page: a chart, and the same as a table for those who cannot see it. */
export interface ReportPart {
  readonly title: string;
  readonly text: string;
  /** null: there is nothing to draw. */
  readonly chart: ReportChart | null;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The sections in their order. */
export function reportParts(report: ReportDocument): readonly ReportPart[] {
  const parts = [runsPart, alertsPart, noisePart, dispositionsPart, latencyPart, quotaPart, coveragePart, attackPart];
  return parts.map((part) => part(report));
}

function runsPart(report: ReportDocument): ReportPart {
  const { runs, failedRuns } = report.totals;
  return {
    title: 'Runs',
    text: runs === 0 ? 'Nothing ran.' : `${countOf(runs, 'run')}, ${failedRuns} of them not answered.`,
    chart: runs === 0 ? null : runsChart(report),
    head: ['Day', ...RUN_OUTCOMES],
    rows: report.runsByDay.map(({ day, outcomes }) => [day, ...RUN_OUTCOMES.map((name) => outcomes[name])]),
  };
}

function alertsPart(report: ReportDocument): ReportPart {
  const { alerts } = report.totals;
  return {
    title: 'Alerts',
    text: alerts === 0 ? 'No alert was told.' : `${countOf(alerts, 'alert')}, by severity.`,
    chart: alerts === 0 ? null : alertsChart(report),
    head: ['Day', ...SEVERITIES_UPWARDS],
    rows: report.alertsByDay.map(({ day, severities }) => [day, ...SEVERITIES_UPWARDS.map((name) => severities[name])]),
  };
}

function noisePart(report: ReportDocument): ReportPart {
  const hits = (rule: ReportDocument['rules'][number]): number =>
    SUPPRESSION_REASONS.reduce((sum, reason) => sum + rule.suppressed[reason], rule.alerts);
  const isAny = report.rules.some((rule) => hits(rule) > 0);
  return {
    title: 'Noise',
    text: isAny
      ? `Alerts of the ${MOST_BARS} rules with most hits, and what was held back, by reason.`
      : 'No rule had a hit.',
    chart: isAny ? noiseChart(report) : null,
    head: ['Tenant', 'Rule', 'Runs', 'Failed', 'Alerts', ...SUPPRESSION_REASONS],
    rows: report.rules.map(({ tenant, rule, runs, failedRuns, alerts, suppressed }) => [
      tenant,
      rule,
      runs,
      failedRuns,
      alerts,
      ...SUPPRESSION_REASONS.map((reason) => suppressed[reason]),
    ]),
  };
}

function dispositionsPart(report: ReportDocument): ReportPart {
  const judged = report.rules.filter(
    ({ dispositions: { true: right, false: wrong, benign } }) => right + wrong + benign > 0,
  );
  return {
    title: 'Dispositions',
    text:
      judged.length === 0
        ? 'No alert was acknowledged with what it turned out to be.'
        : 'What acknowledged alerts turned out to be, of all that the state keeps.',
    chart: judged.length === 0 ? null : dispositionsChart(report),
    head: ['Tenant', 'Rule', 'True', 'False', 'Benign'],
    rows: judged.map(({ tenant, rule, dispositions }) => [
      tenant,
      rule,
      dispositions.true,
      dispositions.false,
      dispositions.benign,
    ]),
  };
}

function latencyPart(report: ReportDocument): ReportPart {
  const { deliveries, median, p90, p99, longest, distribution } = report.latency;
  const text = (ms: number | null): string => (ms === null ? '-' : formatDuration(Math.round(ms / 1000) * 1000));
  return {
    title: 'From event to delivery',
    text:
      deliveries === 0
        ? 'Nothing was delivered.'
        : `Half of ${countOf(deliveries, 'delivery', 'deliveries')} within ${text(median)}, 90 % within ${text(p90)}, 99 % within ${text(p99)}, the longest after ${text(longest)}; from the newest event of an alert.`,
    chart: deliveries === 0 ? null : latencyChart(report),
    head: ['Within', 'Deliveries'],
    rows: distribution.map(({ upToMs, deliveries: count }) => [
      upToMs === null ? 'longer' : formatDuration(upToMs),
      count,
    ]),
  };
}

function quotaPart(report: ReportDocument): ReportPart {
  const rows = report.quota.map(({ tenant, callsPerHour, hours }) => {
    const calls = hours.map((one) => one.calls);
    const sum = calls.reduce((total, one) => total + one, 0);
    return [tenant, sum, Math.max(0, ...calls), callsPerHour === null ? 'none' : callsPerHour];
  });
  return {
    title: 'Quota',
    text: 'Calls of runs by hour, of the tenants with most of them.',
    chart: report.totals.runs === 0 ? null : quotaChart(report),
    head: ['Tenant', 'Calls', 'In the busiest hour', 'Limit an hour'],
    rows,
  };
}

function coveragePart(report: ReportDocument): ReportPart {
  const legend = Object.entries(COVERAGE_COLOURS).map(([state]) => state);
  const rows = coverageRows(report).flatMap(({ tenant, rule, spans }) =>
    spans
      .filter(({ state }) => state !== 'covered')
      .map(({ from, to, state }) => [tenant, rule, state, timeText(from), timeText(to)]),
  );
  return {
    title: 'Coverage',
    text:
      report.coverage.length === 0
        ? 'No rule has searched anything.'
        : `${countOf(report.gaps.length, 'gap')}. What each rule has searched: ${legend.join(', ')} (green, yellow, red, grey, light grey, purple). Rules with most that is not covered come first.`,
    chart: report.coverage.length === 0 ? null : coverageChart(report),
    head: ['Tenant', 'Rule', 'State', 'From', 'To'],
    rows,
  };
}

function attackPart(report: ReportDocument): ReportPart {
  const isAny = report.techniques.some(({ alerts }) => alerts > 0);
  return {
    title: 'ATT&CK',
    text: isAny ? 'Alerts by the techniques that their rules name.' : 'No alert of a rule that names a technique.',
    chart: isAny ? techniquesChart(report) : null,
    head: ['Technique', 'Name', 'Rules that are on', 'Tested', 'Alerts'],
    rows: report.techniques.map(({ id, name, enabled, tested, alerts }) => [
      id,
      name,
      enabled,
      tested ? 'yes' : 'no',
      alerts,
    ]),
  };
}
