import type { ChartPoint, ChartSeries } from './chart-series.ts';

const LONGEST_NAME = 40;
const MOST_BARS = 100;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

export interface BarOptions {
  readonly width: number;
  /** Whether each bar tells its share of all. */
  readonly shares: boolean;
}

/** A bar for every name of x, one below the other; of several series each has its own. Bars of values below zero are empty. */
export function barChart(series: readonly ChartSeries[], { width, shares }: BarOptions): readonly string[] {
  const bars = series.flatMap(({ name, points }) => points.map((point) => barOf(name, point, series.length > 1)));
  const shown = bars.slice(0, MOST_BARS);
  const most = Math.max(...shown.map(({ value }) => value), 0);
  const all = bars.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  const names = Math.max(...shown.map(({ name }) => name.length), 0);
  const tails = shown.map(({ value }) =>
    shares ? `${numberText(value)} (${percent(value, all)})` : numberText(value),
  );
  const room = Math.max(10, width - names - Math.max(...tails.map((tail) => tail.length), 0) - 4);
  const lines = shown.map(
    ({ name, value }, index) => `${name.padEnd(names)}  ${barText(value, most, room)} ${tails[index]}`,
  );
  return bars.length > shown.length ? [...lines, `… ${bars.length - shown.length} more`] : lines;
}

interface Bar {
  readonly name: string;
  readonly value: number;
}

function barOf(series: string, { x, y }: ChartPoint, several: boolean): Bar {
  const name = [...(several ? `${x} · ${series}` : String(x))];
  return {
    name: name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).join('')}…` : name.join(''),
    value: y,
  };
}

function barText(value: number, most: number, room: number): string {
  if (value <= 0 || most <= 0) return '';
  const eighths = Math.max(1, Math.round((value / most) * room * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

export function numberText(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(6)));
}

function percent(value: number, all: number): string {
  return all === 0 ? '0 %' : `${Math.round((Math.max(0, value) / all) * 1000) / 10} %`;
}
