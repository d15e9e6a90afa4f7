import { openSource } from '../app.ts';
import type { TenantConfig } from '../config/config.ts';
import type { Column } from '../kql/types.ts';
import { createMemoryCache } from '../lib/cache.ts';
import { HuntwireError } from '../lib/errors.ts';
import type { Row } from '../sources/source.ts';
import type { Verb } from './cli.ts';
import { csvOf } from './csv.ts';
import { EXIT } from './exit-codes.ts';
import { createHost } from './host.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { dim, printJson, printLine, printTable } from './print.ts';
import { readConfig } from './read-config.ts';
import type { World } from './world.ts';

interface QueryOptions extends CommonOptions {
  readonly tenant?: string;
}

export const query: Verb = (program, world, done) => {
  const command = program.command('query').description('Run one query as it is, with no window, and print the rows.');
  withFormat(withConfig(command), ['table', 'json', 'jsonl', 'csv'], 'table')
    .argument('<kql>', 'the query')
    .option('--tenant <name>', 'which tenant to ask, where several are configured')
    .action(async (kql: string, options: QueryOptions) => done(await runQuery(world, kql, options)));
};

async function runQuery(world: World, kql: string, options: QueryOptions): Promise<number> {
  const config = readConfig(world, options.config);
  const source = openSource(
    chooseTenant(config.tenants, options.tenant),
    createMemoryCache(),
    createHost(world, config, 'in-process'),
  );
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
    return EXIT.ok;
  } finally {
    await source.close();
  }
}

function chooseTenant(tenants: readonly TenantConfig[], name: string | undefined): TenantConfig {
  const [first] = tenants;
  const found = name === undefined ? first : tenants.find((tenant) => tenant.name === name);
  if (found && (name !== undefined || tenants.length === 1)) return found;
  const names = tenants.map((tenant) => tenant.name).join(', ');
  throw new HuntwireError('USAGE', `Say which tenant to ask with --tenant; there are: ${names}.`);
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
