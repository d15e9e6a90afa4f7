import type { EChartsCoreOption } from 'echarts/core';
import { SUPPRESSION_REASONS } from '../../alerts/alert.ts';
import { formatDuration } from '../../lib/duration.ts';
import { cutText } from '../../lib/text.ts';
import { oneLine } from '../terminal/print.ts';
import { RUN_OUTCOMES, SEVERITIES_UPWARDS } from './day-sums.ts';
import type { ReportDocument } from './report-document.ts';

/** What is drawn, and how high, px. */
export interface ReportChart {
  readonly option: EChartsCoreOption;
  readonly height: number;
}

const COLOURS: Readonly<Record<string, string>> = {
  ok: '#2da44e',
  failed: '#cf222e',
  throttled: '#bf8700',
  blocked: '#8250df',
  skipped: '#8c959f',
  informational: '#8c959f',
  low: '#54aeff',
  medium: '#d4a72c',
  high: '#e16f24',
  critical: '#a40e26',
  told: '#0969da',
  duplicate: '#8c959f',
  quiet: '#54aeff',
  silenced: '#bf8700',
  excepted: '#2da44e',
  maintenance: '#8250df',
  overflow: '#cf222e',
  true: '#a40e26',
  false: '#8c959f',
  benign: '#2da44e',
};

interface BarSeries {
  readonly name: string;
  readonly values: readonly number[];
}

/** Of a grid: labels of its axes lie within its bounds. */
export const LABELS_INSIDE = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' } as const;

/** A name from outside as the label of an axis: nothing in it can turn the text around. */
export function axisName(name: string): string {
  return cutText(oneLine(name), LONGEST_NAME);
}

/** The same in front of a row, on two lines where it is long. */
export function rowName(name: string): string {
  const text = cutText(oneLine(name), 2 * LONGEST_NAME);
  if (text.length <= LONGEST_NAME) return text;
  const parts = [...text.slice(0, LONGEST_NAME).matchAll(/[\s._:/-]/g)];
  const last = parts.at(-1)?.index ?? 0;
  // What is left must fit into the second line.
  const at = last + 1 >= text.length - LONGEST_NAME ? last + 1 : LONGEST_NAME;
  return `${text.slice(0, at).trimEnd()}\n${text.slice(at)}`;
}

/** Names of rules in front of rows; with the tenant where rules of several stand there. */
export function ruleNames(rows: readonly { readonly tenant: string; readonly rule: string }[]): readonly string[] {
  const isOne = rows.every(({ tenant }) => tenant === rows[0]?.tenant);
  return rows.map(({ tenant, rule }) => rowName(isOne ? rule : `${tenant}/${rule}`));
}

/** Two lines fit into a row. */
export const ROW_LABEL = { lineHeight: 12 } as const;

const BASE_HEIGHT = 260;

export function runsChart({ runsByDay }: ReportDocument): ReportChart {
  const days = runsByDay.map(({ day }) => day);
  return upright(
    days,
    RUN_OUTCOMES.map((name) => ({ name, values: runsByDay.map(({ outcomes }) => outcomes[name]) })),
  );
}

export function alertsChart({ alertsByDay }: ReportDocument): ReportChart {
  const days = alertsByDay.map(({ day }) => day);
  return upright(
    days,
    SEVERITIES_UPWARDS.map((name) => ({ name, values: alertsByDay.map(({ severities }) => severities[name]) })),
  );
}

export function latencyChart({ latency }: ReportDocument): ReportChart {
  const bars = latency.distribution.map(({ upToMs }, at) =>
    upToMs === null ? `> ${formatDuration(latency.distribution[at - 1]?.upToMs ?? 0)}` : `≤ ${formatDuration(upToMs)}`,
  );
  return upright(bars, [{ name: 'deliveries', values: latency.distribution.map(({ deliveries }) => deliveries) }]);
}

/** Rules that a chart has room for. */
export const MOST_BARS = 15;

/** What hits of a rule came to: told, or held back and why. */
export function noiseChart({ rules }: ReportDocument): ReportChart {
  const noisy = [...rules]
    .map((rule) => ({
      rule,
      hits: rule.alerts + Object.values(rule.suppressed).reduce((sum, count) => sum + count, 0),
    }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits)
    .slice(0, MOST_BARS)
    .map(({ rule }) => rule);
  return lying(ruleNames(noisy), [
    { name: 'told', values: noisy.map(({ alerts }) => alerts) },
    ...SUPPRESSION_REASONS.map((name) => ({ name, values: noisy.map(({ suppressed }) => suppressed[name]) })),
  ]);
}

export function dispositionsChart({ rules }: ReportDocument): ReportChart {
  const judged = rules
    .filter(({ dispositions }) => dispositions.true + dispositions.false + dispositions.benign > 0)
    .slice(0, MOST_BARS);
  return lying(
    ruleNames(judged),
    (['true', 'false', 'benign'] as const).map((name) => ({
      name,
      values: judged.map(({ dispositions }) => dispositions[name]),
    })),
  );
}

export function techniquesChart({ techniques }: ReportDocument): ReportChart {
  const told = techniques
    .filter(({ alerts }) => alerts > 0)
    .sort((a, b) => b.alerts - a.alerts)
    .slice(0, MOST_BARS);
  return lying(
    told.map(({ id, name }) => rowName(`${id} ${name}`)),
    [{ name: 'alerts', values: told.map(({ alerts }) => alerts) }],
  );
}

function upright(categories: readonly string[], series: readonly BarSeries[]): ReportChart {
  return {
    height: BASE_HEIGHT,
    option: {
      ...framed(series),
      xAxis: { type: 'category', data: categories },
      yAxis: { type: 'value', minInterval: 1 },
    },
  };
}

const BAR_HEIGHT = 26;
const LONGEST_NAME = 32;

/** The first category at the top. */
function lying(names: readonly string[], series: readonly BarSeries[]): ReportChart {
  return {
    height: 90 + BAR_HEIGHT * Math.max(1, names.length),
    option: {
      ...framed(series),
      xAxis: { type: 'value', minInterval: 1 },
      yAxis: { type: 'category', inverse: true, data: names, axisLabel: ROW_LABEL },
    },
  };
}

function framed(series: readonly BarSeries[]): EChartsCoreOption {
  const shown = series.filter(({ values }) => values.some((value) => value > 0));
  const hasLegend = shown.some(({ name }) => name in COLOURS);
  return {
    grid: { left: 12, right: 24, top: hasLegend ? 40 : 16, bottom: 8, ...LABELS_INSIDE },
    ...(hasLegend && { legend: { top: 0, left: 0 } }),
    series: shown.map(({ name, values }) => ({
      type: 'bar',
      stack: 'all',
      name,
      data: values,
      barMaxWidth: 40,
      itemStyle: { color: COLOURS[name] ?? '#0969da' },
    })),
  };
}
