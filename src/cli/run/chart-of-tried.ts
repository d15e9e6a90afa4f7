import type { TriedChart, TriedResult } from '../../actions/pages/tried-result.ts';
import type { Row } from '../../sources/source.ts';
import { type ChartShape, chartSeries } from '../chart/chart-series.ts';

type Answer = Pick<TriedResult, 'columns' | 'rows'>;
type Columns = Parameters<typeof chartSeries>[0];

/** The last operator of a query, as far as it can be seen without the parser. */
const RENDER = /\|\s*render\s+(\w+)(?:\s+with\s*\([^)]*\))?[\s;]*$/i;
const NUMBERS: readonly string[] = ['int', 'long', 'real', 'decimal'];
/** As aggregates call their columns. */
const COUNTS = /^(count|dcount|countif|sum|sumif|avg|min|max|percentile)_?/i;
const MOST_COLUMNS = 60;

/** The chart of an answer: what `render` asks for, else lines of a time series and columns of counts; null: none fits. */
export function chartOfTried(kql: string, { columns, rows }: Answer): TriedChart | null {
  const kind = RENDER.exec(kql)?.[1]?.toLowerCase() ?? kindOf(columns, rows.length);
  if (kind === null || kind === 'table' || rows.length < 2) return null;
  const chart = { kind, title: null, xColumn: null, yColumns: [], series: [] };
  const shape = chartSeries(columns as Columns, rows as readonly Row[], chart);
  return shape && { kind, title: null, isTime: shape.isTime, series: inOrder(shape) };
}

function kindOf(columns: Answer['columns'], rows: number): string | null {
  const numbers = columns.filter(({ type }) => NUMBERS.includes(type));
  const times = columns.filter(({ type }) => type === 'datetime');
  const rest = columns.length - numbers.length - times.length;
  if (numbers.length === 0 || rest > 1) return null;
  if (times.length === 1) return numbers.every(({ name }) => COUNTS.test(name)) ? 'timechart' : null;
  const isCounted = rest === 1 && numbers.length === 1 && COUNTS.test(numbers[0]?.name ?? '');
  return times.length === 0 && isCounted && rows <= MOST_COLUMNS ? 'columnchart' : null;
}

function inOrder({ series, isTime }: ChartShape): TriedChart['series'] {
  if (!isTime) return series;
  return series.map(({ name, points }) => ({ name, points: [...points].sort((a, b) => Number(a.x) - Number(b.x)) }));
}
