import { countOf } from '../../lib/text.ts';
import type { Row } from '../../sources/source.ts';
import { chartSeries } from '../chart/chart-series.ts';
import { drawChart } from '../chart/draw-chart.ts';
import { csvOf } from '../terminal/csv.ts';
import { dim, printData, printJson, printLine, printTable, shownJson } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import { htmlOf, markdownOf } from './markup.ts';
import type { QueryAnswer, QueryResult } from './query-result.ts';

/** What `query --format` takes; `parquet` goes to a file. */
export const QUERY_FORMATS: readonly string[] = ['table', 'json', 'jsonl', 'csv', 'md', 'html', 'parquet'];

type Printer = (world: World, names: readonly string[], answer: QueryAnswer) => void;

const PRINTERS: Readonly<Record<string, Printer>> = {
  json: (world, _names, answer) => printJson(world, documentOf(answer)),
  jsonl: (world, _names, { result }) => writeLines(world, result.rows),
  csv: (world, names, { result }) => printData(world, csvOf(names, result.rows)),
  md: (world, _names, { result }) => printData(world, markdownOf(result)),
  html: (world, _names, { result }) => printData(world, htmlOf(result)),
  table: printRows,
};

export function printResult(world: World, format: string, answer: QueryAnswer): void {
  const names = answer.result.columns.map((column) => column.name);
  (PRINTERS[format] ?? printRows)(world, names, answer);
}

/** With a trace also what it draws: whoever asks for one wants to see how the result came about. */
function documentOf({ result, chart, trace }: QueryAnswer): unknown {
  if (!trace) return result;
  const shape = chart && chartSeries(result.columns, result.rows, chart);
  return { ...result, trace, chart: chart && shape ? { kind: chart.kind, title: chart.title, ...shape } : null };
}

function writeLines(world: World, rows: readonly Row[]): void {
  world.stdout.write(rows.map((row) => `${shownJson(row)}\n`).join(''));
}

/** The chart that the query asks for, where it can be drawn; else the rows. */
function printRows(world: World, names: readonly string[], { result, chart }: QueryAnswer): void {
  const drawn = chart && drawChart(chart, result.columns, result.rows, Math.min(world.stdout.columns, WIDEST_CHART));
  if (drawn) for (const line of drawn) printLine(world, line);
  else
    printTable(
      world,
      names,
      result.rows.map((row) => names.map((name) => shortCell(row[name]))),
    );
  printLine(world, dim(world, summaryOf(result)));
}

const WIDEST_CHART = 120;

function summaryOf({ rows, source, elapsedMs, truncated }: QueryResult): string {
  return `${countOf(rows.length, 'row')} from ${source} in ${elapsedMs} ms${truncated ? ', truncated by the API' : ''}`;
}

const LONGEST_CELL = 60;

function shortCell(cell: Row[string] | undefined): string {
  const text = typeof cell === 'string' ? cell : cell === null || cell === undefined ? '' : JSON.stringify(cell);
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
}
