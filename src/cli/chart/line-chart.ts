import { numberText } from './bar-chart.ts';
import type { ChartPoint, ChartSeries } from './chart-series.ts';

const HEIGHT = 10;
const MOST_SERIES = 40;
const LONGEST_NAME = 30;
const SPARKS = '▁▂▃▄▅▆▇█';
/** Dots of a Braille cell, by row and then column. */
const DOTS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
const BLANK = 0x2800;

export interface LineOptions {
  readonly width: number;
  readonly isTime: boolean;
  /** Whether neighbouring points are joined. */
  readonly joined: boolean;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** One series as a plot with its axes; several as one line each, all on one scale. */
export function lineChart(series: readonly ChartSeries[], options: LineOptions): readonly string[] {
  const placed = series.map(({ name, points }) => ({ name, points: numbered(points) }));
  const all = placed.flatMap(({ points }) => points);
  if (all.length === 0) return [];
  const x = rangeOf(all.map((point) => point.x));
  const [first] = placed;
  if (placed.length === 1 && first) return plot(first.points, x, options);
  return sparkLines(placed, x, rangeOf([0, ...all.map(({ y }) => y)]), options);
}

interface Placed {
  readonly x: number;
  readonly y: number;
}

/** Names stand side by side in their order. */
function numbered(points: readonly ChartPoint[]): readonly Placed[] {
  const placed = points.map(({ x, y }, index) => ({ x: typeof x === 'number' ? x : index, y }));
  return placed.sort((left, right) => left.x - right.x);
}

function rangeOf(values: readonly number[]): Range {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  return { from, to };
}

function share(value: number, { from, to }: Range): number {
  return to === from ? 0.5 : (value - from) / (to - from);
}

function plot(points: readonly Placed[], x: Range, options: LineOptions): readonly string[] {
  const y = rangeOf([0, ...points.map((point) => point.y)]);
  const labels = [numberText(y.to), numberText(y.from)];
  const margin = Math.max(...labels.map((label) => label.length));
  const width = Math.max(20, options.width - margin - 3);
  const grid = Array.from({ length: HEIGHT }, () => new Array<number>(width).fill(BLANK));
  const dots = points.map((point) => ({
    column: Math.round(share(point.x, x) * (width * 2 - 1)),
    row: Math.round((1 - share(point.y, y)) * (HEIGHT * 4 - 1)),
  }));
  for (const [index, dot] of dots.entries()) drawLine(grid, (options.joined && dots[index - 1]) || dot, dot);
  const lines = grid.map((cells, row) => {
    const label = row === 0 ? labels[0] : row === HEIGHT - 1 ? labels[1] : '';
    return `${(label ?? '').padStart(margin)} │${String.fromCharCode(...cells)}`;
  });
  return [...lines, `${' '.repeat(margin)} └${'─'.repeat(width)}`, axis(x, margin + 2, width, options.isTime)];
}

interface Dot {
  readonly column: number;
  readonly row: number;
}

function drawLine(grid: number[][], from: Dot, to: Dot): void {
  const steps = Math.max(Math.abs(to.column - from.column), Math.abs(to.row - from.row), 1);
  for (let step = 0; step <= steps; step += 1) {
    const column = Math.round(from.column + ((to.column - from.column) * step) / steps);
    const row = Math.round(from.row + ((to.row - from.row) * step) / steps);
    const cells = grid[row >> 2];
    const dot = DOTS[(row & 3) * 2 + (column & 1)] ?? 0;
    if (cells) cells[column >> 1] = (cells[column >> 1] ?? BLANK) | dot;
  }
}

function axis(x: Range, margin: number, width: number, isTime: boolean): string {
  const [from, to] = [xText(x.from, isTime), xText(x.to, isTime)];
  return `${' '.repeat(margin)}${from}${to.padStart(Math.max(to.length + 1, width - from.length))}`;
}

function xText(value: number, isTime: boolean): string {
  return isTime ? new Date(value).toISOString().replace(/\.000Z$/, 'Z') : numberText(value);
}

function sparkLines(
  series: readonly { readonly name: string; readonly points: readonly Placed[] }[],
  x: Range,
  y: Range,
  options: LineOptions,
): readonly string[] {
  const shown = series.slice(0, MOST_SERIES);
  const names = shown.map(({ name }) => [...name].slice(0, LONGEST_NAME).join(''));
  const margin = Math.max(...names.map((name) => name.length));
  const tails = shown.map(({ points }) => `most ${numberText(rangeOf(points.map((point) => point.y)).to)}`);
  const width = Math.max(20, options.width - margin - Math.max(...tails.map((tail) => tail.length)) - 4);
  const lines = shown.map(
    ({ points }, index) => `${(names[index] ?? '').padEnd(margin)}  ${sparks(points, x, y, width)}  ${tails[index]}`,
  );
  const rest = series.length > shown.length ? [`… ${series.length - shown.length} more series`] : [];
  return [...lines, axis(x, margin + 2, width, options.isTime), ...rest];
}

/** The highest point of each stretch of x; a stretch without one is blank. */
function sparks(points: readonly Placed[], x: Range, y: Range, width: number): string {
  const heights = new Array<number>(width).fill(Number.NEGATIVE_INFINITY);
  for (const point of points) {
    const column = Math.min(width - 1, Math.floor(share(point.x, x) * width));
    heights[column] = Math.max(heights[column] ?? 0, point.y);
  }
  return heights
    .map((height) => (Number.isFinite(height) ? SPARKS[Math.round(share(height, y) * (SPARKS.length - 1))] : ' '))
    .join('');
}
