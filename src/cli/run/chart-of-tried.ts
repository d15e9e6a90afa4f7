import type { TriedChart, TriedResult } from '../../actions/pages/tried-result.ts';
import type { Row } from '../../sources/source.ts';
import { type ChartShape, chartSeries } from '../chart/chart-series.ts';

type Answer = Pick<TriedResult, 'columns' | 'rows'>;
type Columns = Parameters<typeof chartSeries>[0];
type Chart = Parameters<typeof chartSeries>[2];

/** The last operator of a query, as far as it can be seen without the parser. */
const RENDER = /\|\s*render\s+(\w+)(?:\s+with\s*\(([^()]*)\))?[\s;]*$/i;
/** One of its settings: a text, or names until the next setting. */
const SETTING = /(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|((?:(?!,\s*\w+\s*=)[^"'=])*))/g;
const NUMBERS: readonly string[] = ['int', 'long', 'real', 'decimal'];
/** As aggregates call their columns. */
const COUNTS = /^(count|dcount|countif|sum|sumif|avg|min|max|percentile)_?/i;
const MOST_COLUMNS = 60;

/** The chart of an answer: what `render` asks for, else lines of a time series and columns of counts; null: none fits. */
export function chartOfTried(kql: string, { columns, rows }: Answer): TriedChart | null {
  const asked = RENDER.exec(kql);
  const kind = asked?.[1]?.toLowerCase() ?? kindOf(columns, rows.length);
  // A row of make-series is a whole series.
  if (kind === null || kind === 'table' || rows.length < (asked ? 1 : 2)) return null;
  const chart = { kind, ...settingsOf(asked?.[2] ?? '') };
  const shape = chartSeries(columns as Columns, rows as readonly Row[], chart);
  return shape && { kind, title: chart.title, isTime: shape.isTime, series: inOrder(shape) };
}

function settingsOf(text: string): Omit<Chart, 'kind'> {
  const entries = [...text.matchAll(SETTING)].map(([, name = '', ...values]) => [name.toLowerCase(), textIn(values)]);
  const said = new Map(entries as [string, string][]);
  const names = (name: string): readonly string[] => (said.get(name) ?? '').split(/[\s,]+/).filter((one) => one !== '');
  return {
    title: said.get('title') || null,
    xColumn: said.get('xcolumn')?.trim() || null,
    yColumns: names('ycolumns'),
    series: names('series'),
  };
}

function textIn(values: readonly (string | undefined)[]): string {
  return values.find((value) => value !== undefined) ?? '';
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
