import type { Row } from '../../sources/source.ts';
import { csvOf } from '../terminal/csv.ts';
import { dim, printJson, printLine, printTable } from '../terminal/print.ts';
import type { World } from '../terminal/world.ts';
import type { QueryResult } from './query-result.ts';

type Printer = (world: World, names: readonly string[], result: QueryResult) => void;

const PRINTERS: Readonly<Record<string, Printer>> = {
  json: (world, _names, result) => printJson(world, result),
  jsonl: (world, _names, { rows }) => world.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
  csv: (world, names, { rows }) => world.stdout.write(csvOf(names, rows)),
  table: printRows,
};

export function printResult(world: World, format: string, result: QueryResult): void {
  const names = result.columns.map((column) => column.name);
  (PRINTERS[format] ?? printRows)(world, names, result);
}

function printRows(world: World, names: readonly string[], { rows, source, elapsedMs, truncated }: QueryResult): void {
  printTable(
    world,
    names,
    rows.map((row) => names.map((name) => shortCell(row[name]))),
  );
  printLine(
    world,
    dim(world, `${rows.length} rows from ${source} in ${elapsedMs} ms${truncated ? ', truncated by the API' : ''}`),
  );
}

const LONGEST_CELL = 60;

function shortCell(cell: Row[string] | undefined): string {
  const text = typeof cell === 'string' ? cell : cell === null || cell === undefined ? '' : JSON.stringify(cell);
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
}
