import { resolve } from 'node:path';
import type { Column } from '../kql/types.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import type { Row } from '../sources/source.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { csvOf } from './terminal/csv.ts';
import { dim, oneLine, printJson, printLine, printTable } from './terminal/print.ts';
import { printTrace } from './terminal/print-trace.ts';
import type { World } from './terminal/world.ts';

interface QueryOptions extends CommonOptions {
  readonly tenant?: string;
  readonly data?: string;
  readonly trace: boolean;
}

export const query: Verb = (program, world, done) => {
  const command = program.command('query');
  withFormat(withConfig(command), ['table', 'json', 'jsonl', 'csv'], 'table')
    .argument('<kql>', 'the query')
    .option('--tenant <name>', 'which tenant to ask, where several are configured')
    .option('--data <path>', 'run the query here, over a folder or file of events; no configuration is read')
    .option('--trace', 'with --data: show on stderr how many rows each operator let through', false)
    .action(async (kql: string, options: QueryOptions) => {
      if (options.trace && options.data === undefined) throw new HuntwireError('USAGE', '--trace goes with --data.');
      await (options.data === undefined
        ? runQuery(world, kql, options)
        : runLocally(world, kql, options.data, options));
      done(EXIT.ok);
    });
};

async function runQuery(world: World, kql: string, options: QueryOptions): Promise<void> {
  const { openTenantSource } = await import('./query/tenant-source.ts');
  const source = openTenantSource(world, options);
  const rows: Row[] = [];
  let columns: readonly Column[] = [];
  const sink = {
    schema: (own: readonly Column[]) => {
      columns = own;
    },
    row: (row: Row) => {
      rows.push(row);
    },
  };
  try {
    const end = await source.query({ ruleId: 'query', query: kql, signal: world.signal }, sink);
    const elapsedMs = Math.round(end.elapsedMs);
    printResult(world, options.format, { columns, rows, truncated: end.truncated, source: source.api, elapsedMs });
  } catch (thrown) {
    throw source.api === 'local' ? thrown : withoutLabelLine(thrown);
  } finally {
    await source.close();
  }
}

/** The service counts the comment line that goes in front of every query; the person who typed it does not. */
function withoutLabelLine(thrown: unknown): unknown {
  const { code, message, cause } = toHuntwireError(thrown);
  const counted = message.replace(
    /\b(Line:? )(\d+)/gi,
    (_, word: string, line: string) => `${word}${Math.max(1, Number(line) - 1)}`,
  );
  return counted === message ? thrown : new HuntwireError(code, counted, { cause });
}

/** The query over event files, in our own engine; `now()` is this moment. */
async function runLocally(world: World, kql: string, data: string, options: QueryOptions): Promise<void> {
  const { openDataFolder } = await import('../engine/data/folder.ts');
  const { createKqlEngine } = await import('../engine/kql-engine.ts');
  const { defenderSchema } = await import('../kql/defender.ts');
  const begun = world.clock.monotonic();
  const { tables, notes } = await openDataFolder(resolve(world.cwd, data));
  const engine = createKqlEngine({
    schema: defenderSchema(),
    tables,
    now: world.clock.now(),
    elapsed: world.clock.monotonic,
    trace: options.trace,
  });
  const result = await engine.run(kql, { signal: world.signal });
  for (const line of [...notes(), ...result.warnings]) world.stderr.write(`${oneLine(line)}\n`);
  if (options.trace) printTrace(world, kql, result.trace);
  const elapsedMs = Math.round(world.clock.monotonic() - begun);
  printResult(world, options.format, {
    columns: result.columns,
    rows: [...result.rows()] as readonly Row[],
    truncated: false,
    source: 'local',
    elapsedMs,
  });
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly truncated: boolean;
  readonly source: string;
  readonly elapsedMs: number;
}

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
    rows.map((row) => names.map((name) => cellText(row[name]))),
  );
  printLine(
    world,
    dim(world, `${rows.length} rows from ${source} in ${elapsedMs} ms${truncated ? ', truncated by the API' : ''}`),
  );
}

const LONGEST_CELL = 60;

function cellText(cell: Row[string] | undefined): string {
  const text = typeof cell === 'string' ? cell : cell === null || cell === undefined ? '' : JSON.stringify(cell);
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
}
