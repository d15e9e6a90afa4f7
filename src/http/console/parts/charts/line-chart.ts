import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { TriedChart } from '../../../../actions/pages/tried-result.ts';
import { DAY_MS } from '../../../../lib/duration.ts';
import { type Markup, markup } from '../../markup.ts';
import { table } from '../table.ts';
import { columnChart, leftOut } from './bars.ts';
import { type Layer, type LayerPoint, plainLayers, stackedLayers, type TriedSeries } from './layers.ts';
import { PLOT, plot, round, roundTicks, TICKS_ACROSS, TICKS_UP } from './plot.ts';

const MOST_SERIES = 6;
const MOST_POINTS = 2000;
const MOST_COLUMNS = 200;

type Drawing = 'line' | 'area' | 'dots';

const DRAWINGS: ReadonlyMap<string, Drawing> = new Map([
  ...(['timechart', 'linechart', 'anomalychart'] as const).map((kind) => [kind, 'line'] as const),
  ...(['areachart', 'stackedareachart'] as const).map((kind) => [kind, 'area'] as const),
  ['scatterchart', 'dots'] as const,
]);

/** What `render` asks for: lines, areas and dots over times and numbers, columns over names. */
export function triedChart(chart: TriedChart): Markup {
  const { kind, title, series, isTime } = chart;
  const drawing = DRAWINGS.get(kind);
  const isNumbered = series.every(({ points }) => points.every(({ x }) => typeof x === 'number'));
  if (drawing && isNumbered) return lineChart(chart, drawing);
  const all = barsOf(series, isTime);
  const rest = all.length > MOST_COLUMNS ? `Of ${all.length} values the first ${MOST_COLUMNS}.` : null;
  return markup`${columnChart(title ?? kind, all.slice(0, MOST_COLUMNS), 'value', isTime ? 'Time' : 'Name')}${leftOut(rest)}`;
}

function barsOf(series: readonly TriedSeries[], isTime: boolean) {
  const several = series.length > 1;
  return series.flatMap(({ name, points }) =>
    points.map(({ x, y }) => ({ name: `${shownX(x, isTime)}${several ? ` ${name}` : ''}`, value: y })),
  );
}

function shownX(x: number | string, isTime: boolean): string {
  return isTime && typeof x === 'number' ? new Date(x).toISOString() : String(x);
}

function lineChart({ kind, title, series, isTime }: TriedChart, drawing: Drawing): Markup {
  const drawn = series
    .slice(0, MOST_SERIES)
    .map(({ name, points }) => ({ name, points: points.slice(0, MOST_POINTS) }));
  const layers = kind === 'stackedareachart' ? stackedLayers(drawn) : plainLayers(drawn);
  const points = layers.flatMap((layer) => layer.points);
  const [left, right] = rangeOf(points.map(({ x }) => x));
  const [low, high] = rangeOf([0, ...points.map((point) => point.high)]);
  const across = isTime ? scaleUtc([left, right], [0, PLOT.width]) : scaleLinear([left, right], [0, PLOT.width]);
  const up = scaleLinear([low, high], [PLOT.height, 0]).nice(TICKS_UP);
  const place = { x: (x: number): number => across(x), y: (y: number): number => up(y) };
  const axes = {
    across: across
      .ticks(TICKS_ACROSS)
      .map((at) => ({ at: across(at), text: tickText(Number(at), isTime, right - left) })),
    up: roundTicks(up),
  };
  const marks = layers.map((layer, index) => drawnLayer(layer, index, drawing, place));
  return markup`<figure class="lines">${plot(`${title ?? kind}, ${low} to ${high}`, marks, axes)}
<figcaption><span>${shownX(left, isTime)} to ${shownX(right, isTime)}</span></figcaption><ul class="legend">${layers.map(legendItem)}</ul>${leftOut(leftOutOf(series))}
<details><summary>The same as a table</summary>${table({
    caption: title ?? kind,
    columns: ['Series', 'At', { name: 'Value', isNumber: true }],
    rows: drawn.flatMap(({ name, points: own }) => own.map(({ x, y }) => [name, shownX(x, isTime), y])),
    none: 'Nothing.',
  })}</details></figure>`;
}

interface Place {
  readonly x: (x: number) => number;
  readonly y: (y: number) => number;
}

/** Where a value is no number, a line is broken. */
function drawnLayer({ points }: Layer, index: number, drawing: Drawing, { x, y }: Place): Markup {
  const isThere = ({ low, high }: LayerPoint): boolean => Number.isFinite(low) && Number.isFinite(high);
  if (drawing === 'dots') {
    const dots = points.filter(isThere).map((point) => `M${round(x(point.x))} ${round(y(point.high))}h0`);
    return markup`<path class="dots line${index}" d="${dots.join('')}"/>`;
  }
  const at = (point: LayerPoint): number => x(point.x);
  const edge = line<LayerPoint>(at, ({ high }) => y(high))
    .defined(isThere)
    .digits(1)(points);
  const upper = markup`<path class="line${index}" d="${edge ?? ''}"/>`;
  if (drawing === 'line') return upper;
  const whole = area<LayerPoint>(
    at,
    ({ low }) => y(low),
    ({ high }) => y(high),
  );
  return markup`<path class="area line${index}" d="${whole.defined(isThere).digits(1)(points) ?? ''}"/>${upper}`;
}

function legendItem({ name }: Layer, index: number): Markup {
  return markup`<li><svg class="key" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><path class="line${index}" d="M0 6h12"/></svg>${name}</li>`;
}

function tickText(x: number, isTime: boolean, span: number): string {
  if (!isTime) return String(x);
  const text = new Date(x).toISOString();
  return span > 2 * DAY_MS ? text.slice(5, 10) : text.slice(11, span < DAY_MS / 24 ? 19 : 16);
}

function leftOutOf(series: readonly TriedSeries[]): string | null {
  const most = Math.max(0, ...series.map(({ points }) => points.length));
  if (series.length <= MOST_SERIES && most <= MOST_POINTS) return null;
  return `Of ${series.length} series the first ${MOST_SERIES} are drawn, each with at most ${MOST_POINTS} points.`;
}

/** Never empty. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const numbers = values.filter(Number.isFinite);
  const low = numbers.reduce((least, value) => Math.min(least, value), numbers[0] ?? 0);
  const high = numbers.reduce((most, value) => Math.max(most, value), numbers[0] ?? 0);
  return [low, high > low ? high : low + 1];
}
