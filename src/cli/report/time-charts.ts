import type { EChartsCoreOption } from 'echarts/core';
import type { CoverageState } from '../../run/coverage/coverage-spans.ts';
import { axisName, LABELS_INSIDE, MOST_BARS, type ReportChart, ROW_LABEL, ruleNames } from './charts.ts';
import type { ReportDocument } from './report-document.ts';

const LINES = ['#0969da', '#bf3989', '#1a7f37', '#9a6700', '#8250df', '#cf222e'];

/** Calls by hour, a line for each tenant with most of them, and where the lowest limit lies. */
export function quotaChart({ quota }: ReportDocument): ReportChart {
  const sums = quota.map((one) => ({ ...one, sum: one.hours.reduce((sum, { calls }) => sum + calls, 0) }));
  const shown = sums.sort((a, b) => b.sum - a.sum).slice(0, LINES.length);
  const option: EChartsCoreOption = {
    grid: { left: 12, right: 24, top: 40, bottom: 8, ...LABELS_INSIDE },
    legend: { top: 0, left: 0 },
    xAxis: { type: 'time' },
    yAxis: { type: 'value', minInterval: 1 },
    series: shown.map(({ tenant, hours }, at) => ({
      type: 'line',
      name: axisName(tenant),
      showSymbol: false,
      step: 'end',
      lineStyle: { color: LINES[at], width: 2 },
      itemStyle: { color: LINES[at] },
      data: hours.map(({ hour, calls }) => [Date.parse(hour), calls]),
    })),
  };
  return { option, height: 260 };
}

export const COVERAGE_COLOURS: Readonly<Record<CoverageState, string>> = {
  covered: '#2da44e',
  pending: '#d4a72c',
  gap: '#cf222e',
  unscheduled: '#8c959f',
  disabled: '#d0d7de',
  truncated: '#8250df',
};

/** Rules with the most that is not covered come first. */
export function coverageRows({ coverage }: ReportDocument): ReportDocument['coverage'] {
  const holes = (spans: ReportDocument['coverage'][number]['spans']): number =>
    spans.reduce((sum, { from, to, state }) => sum + (state === 'covered' ? 0 : Date.parse(to) - Date.parse(from)), 0);
  return [...coverage].sort((a, b) => holes(b.spans) - holes(a.spans));
}

const ROW_HEIGHT = 26;

/** What of the period each rule has searched, a row of coloured spans each. */
export function coverageChart(report: ReportDocument): ReportChart {
  const rows = coverageRows(report).slice(0, MOST_BARS * 2);
  const spans = rows.flatMap((row, at) =>
    row.spans.map(({ from, to, state }) => ({
      value: [at, Date.parse(from), Date.parse(to)],
      itemStyle: { color: COVERAGE_COLOURS[state] },
    })),
  );
  const option: EChartsCoreOption = {
    grid: { left: 12, right: 24, top: 8, bottom: 8, ...LABELS_INSIDE },
    xAxis: { type: 'time', min: Date.parse(report.from), max: Date.parse(report.to) },
    yAxis: { type: 'category', inverse: true, data: ruleNames(rows), axisLabel: ROW_LABEL },
    series: [{ type: 'custom', encode: { x: [1, 2], y: 0 }, data: spans, renderItem: spanShape }],
  };
  return { option, height: 60 + ROW_HEIGHT * Math.max(1, rows.length) };
}

/** What the library hands over of one datum, as far as it is used. */
interface Drawing {
  value(dimension: number): number;
  coord(point: readonly [number, number]): readonly [number, number];
  visual(name: 'color'): string;
}

function spanShape(_: unknown, drawing: Drawing) {
  const row = drawing.value(0);
  const [left, middle] = drawing.coord([drawing.value(1), row]);
  const [right] = drawing.coord([drawing.value(2), row]);
  const shape = { x: left, y: middle - ROW_HEIGHT / 3, width: Math.max(1, right - left), height: (ROW_HEIGHT * 2) / 3 };
  return { type: 'rect', shape, style: { fill: drawing.visual('color') } };
}
