import type { KqlChart } from '../../engine/chart.ts';
import type { Column } from '../../kql/types.ts';
import type { Cell, Row } from '../../sources/source.ts';

/** One point of a chart: a time in epoch ms, a number, or a name; and its height. */
export interface ChartPoint {
  readonly x: number | string;
  readonly y: number;
}

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

export interface ChartShape {
  /** Whether x is a time. */
  readonly isTime: boolean;
  readonly series: readonly ChartSeries[];
}

/** The series of a result, by the columns that `render` names, else by their types; null where no column is a number. */
export function chartSeries(columns: readonly Column[], rows: readonly Row[], chart: KqlChart): ChartShape | null {
  const x = xColumnOf(columns, rows, chart);
  const ys = yColumnsOf(columns, rows, x, chart);
  if (!x || ys.length === 0) return null;
  const by = chart.series.length > 0 ? chart.series : seriesColumns(columns, x.name);
  const isTime = x.type === 'datetime' || rows.some((row) => Array.isArray(row[x.name]));
  const series = new Map<string, ChartPoint[]>();
  for (const row of rows) {
    for (const y of ys) {
      const name = nameOf(row, by, ys.length > 1 ? y : null);
      const points = series.get(name) ?? [];
      series.set(name, points);
      for (const point of pointsOf(row[x.name], row[y], isTime)) points.push(point);
    }
  }
  return { isTime, series: [...series].map(([name, points]) => ({ name, points })) };
}

const TIME_KINDS: ReadonlySet<string> = new Set([
  'timechart',
  'linechart',
  'areachart',
  'stackedareachart',
  'anomalychart',
]);

/** A column of lists of times, as make-series gives it, is one of times. */
function xColumnOf(columns: readonly Column[], rows: readonly Row[], { kind, xColumn }: KqlChart): Column | null {
  const said = columns.find(({ name }) => name === xColumn);
  const isTime = ({ name, type }: Column): boolean => type === 'datetime' || rows.some((row) => isTimes(row[name]));
  const time = TIME_KINDS.has(kind) ? columns.find(isTime) : undefined;
  return said ?? time ?? columns[0] ?? null;
}

function isTimes(cell: Cell | undefined): boolean {
  return Array.isArray(cell) && typeof cell[0] === 'string' && /^\d{4}-\d\d-\d\dT/.test(cell[0]);
}

const NUMBERS: readonly string[] = ['int', 'long', 'real', 'decimal'];

/** A column of lists of numbers, as make-series gives it, is one of numbers. */
function yColumnsOf(
  columns: readonly Column[],
  rows: readonly Row[],
  x: Column | null,
  chart: KqlChart,
): readonly string[] {
  const others = columns.filter(({ name }) => name !== x?.name);
  if (chart.yColumns.length > 0) return chart.yColumns.filter((name) => others.some((column) => column.name === name));
  const numbers = others.filter(({ name, type }) => NUMBERS.includes(type) || rows.some((row) => isNumbers(row[name])));
  return numbers.map(({ name }) => name);
}

function isNumbers(cell: Cell | undefined): boolean {
  return Array.isArray(cell) && cell.length > 0 && cell.every((item) => typeof item === 'number');
}

function seriesColumns(columns: readonly Column[], x: string): readonly string[] {
  return columns
    .filter(({ name, type }) => name !== x && ['string', 'bool', 'guid'].includes(type))
    .map(({ name }) => name);
}

function nameOf(row: Row, by: readonly string[], y: string | null): string {
  const parts = by.map((name) => textOf(row[name]));
  return [...parts, ...(y === null ? [] : [y])].join(', ');
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell ?? null);
}

function pointsOf(x: Cell | undefined, y: Cell | undefined, isTime: boolean): readonly ChartPoint[] {
  const xs = Array.isArray(x) ? x : [x];
  const ys = Array.isArray(y) ? y : [y];
  return ys.flatMap((item, index) => {
    const at = placeOf(xs[index], isTime);
    const height = typeof item === 'string' && item !== '' ? Number(item) : item;
    return at === null || typeof height !== 'number' || !Number.isFinite(height) ? [] : [{ x: at, y: height }];
  });
}

function placeOf(cell: Cell | undefined, isTime: boolean): number | string | null {
  if (!isTime) return typeof cell === 'number' ? cell : textOf(cell);
  const time = typeof cell === 'string' ? Date.parse(cell) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
