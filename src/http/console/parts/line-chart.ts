import type { TriedChart } from '../../../actions/pages/tried-result.ts';
import { type Markup, markup } from '../markup.ts';
import { columnChart, round } from './bars.ts';
import { table } from './table.ts';

const WIDTH = 720;
const HEIGHT = 180;
const MOST_SERIES = 6;
const MOST_POINTS = 2000;
const LINES: ReadonlySet<string> = new Set(['timechart', 'linechart', 'areachart', 'stackedareachart', 'anomalychart']);

type Series = TriedChart['series'][number];

/** What `render` asks for: lines over times and numbers, columns over names. */
export function triedChart({ kind, title, series, isTime }: TriedChart): Markup {
  const label = title ?? kind;
  const numbered = series.every(({ points }) => points.every(({ x }) => typeof x === 'number'));
  if (!LINES.has(kind) || !numbered) return columnChart(label, barsOf(series, isTime), 'value');
  return lineChartOf(label, series.slice(0, MOST_SERIES), isTime);
}

function barsOf(series: readonly Series[], isTime: boolean) {
  const several = series.length > 1;
  return series
    .flatMap(({ name, points }) =>
      points.map(({ x, y }) => ({ name: `${shownX(x, isTime)}${several ? ` ${name}` : ''}`, value: y })),
    )
    .slice(0, 200);
}

function shownX(x: number | string, isTime: boolean): string {
  return isTime && typeof x === 'number' ? new Date(x).toISOString() : String(x);
}

function lineChartOf(label: string, series: readonly Series[], isTime: boolean): Markup {
  const points = series.flatMap((one) => one.points);
  const [left, right] = rangeOf(points.map(({ x }) => Number(x)));
  const [low, high] = rangeOf([0, ...points.map(({ y }) => y)]);
  const place = ({ x, y }: Series['points'][number]): string =>
    `${round(((Number(x) - left) / (right - left)) * WIDTH)} ${round(HEIGHT - ((y - low) / (high - low)) * HEIGHT)}`;
  const lines = series.map(
    (one, at) => markup`<path class="line${at}" d="M${one.points.slice(0, MOST_POINTS).map(place).join('L')}"/>`,
  );
  const legend = series.map(
    ({ name }, at) =>
      markup`<li><svg class="key lines" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path class="line${at}" d="M0 6h12"/></svg>${name}</li>`,
  );
  const rows = series.flatMap(({ name, points: own }) =>
    own.slice(0, MOST_POINTS).map(({ x, y }) => [name, shownX(x, isTime), y]),
  );
  return markup`<figure><svg class="chart lines" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}, ${low} to ${high}">${lines}</svg>
<figcaption><span>${shownX(left, isTime)}</span> <span>${low} to ${high}</span> <span>${shownX(right, isTime)}</span></figcaption><ul class="legend">${legend}</ul>
<details><summary>The same as a table</summary>${table({
    caption: label,
    columns: ['Series', 'At', { name: 'Value', isNumber: true }],
    rows,
    none: 'Nothing.',
  })}</details></figure>`;
}

/** Never empty. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), values[0] ?? 0);
  const high = values.reduce((most, value) => Math.max(most, value), values[0] ?? 0);
  return [low, high > low ? high : low + 1];
}
