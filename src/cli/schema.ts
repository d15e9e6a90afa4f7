import type { MeteredSource } from '../actions/action-deps.ts';
import type { Config, TenantConfig } from '../config/config.ts';
import { rulesOf } from '../config/operation/rules-of-tenant.ts';
import { rulePlacesOf } from '../config/rule-paths.ts';
import type { AddedTable } from '../kql/schemas/added-tables.ts';
import { HuntwireError, toHuntwireError } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import type { ToldTables } from '../sources/source.ts';
import { chooseWholeTenant } from './choose-tenant.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { withConfig } from './options.ts';
import { openTenantSource } from './query/tenant-source.ts';
import { readWithBlocked } from './read-config.ts';
import { readRuleSet } from './rule-set.ts';
import { pullTable, stampedTable } from './schema/pull-table.ts';
import { printData } from './terminal/print.ts';
import type { World } from './terminal/world.ts';
import { writeIntoFile } from './write/write-into-file.ts';

interface PullOptions {
  readonly config: string;
  readonly tenant?: string;
  readonly output?: string;
}

export const schema: Verb = (program, world, done) => {
  const command = program.command('schema');
  withConfig(command.command('pull').description('ask a source for the columns of tables, and write a schema file'))
    .argument('[tables...]', 'tables; without any those of the rules that are not known')
    .option('--tenant <name>', 'the tenant to ask, where there are several')
    .option('--output <path>', 'write into a file')
    .action(async (tables: string[], options: PullOptions) => done(await pull(world, tables, options)));
};

async function pull(world: World, given: readonly string[], options: PullOptions): Promise<number> {
  const config = readWithBlocked(world, options.config);
  const tenant = chooseWholeTenant(config, options.tenant);
  const names = given.length > 0 ? [...new Set(given)] : await unknownTables(world, config, tenant);
  if (names.length === 0) throw new HuntwireError('USAGE', 'Name tables: the rules use none that is not known.');
  const { tables, lacks } = await pullAll(world, config, tenant, names);
  const document = { name: tenant.name, date: new Date(world.clock.now()).toISOString().slice(0, 10), tables };
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (options.output === undefined) printData(world, text);
  else world.stderr.write(`written to ${await writeIntoFile(world, options.output, text)}\n`);
  for (const lack of lacks) world.stderr.write(`${lack}\n`);
  return lacks.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Tables of the tenant's rules that no schema has. */
async function unknownTables(world: World, config: Config, tenant: TenantConfig): Promise<readonly string[]> {
  const { prepared } = await readRuleSet(world, rulePlacesOf(config));
  const references = rulesOf(tenant, prepared.rules).flatMap((rule) => rule.prepared.tables);
  return [...new Set(references.filter(({ known }) => !known).map(({ table }) => table))].sort();
}

interface Pulled {
  readonly tables: Readonly<Record<string, AddedTable>>;
  /** Tables that were not told, and why. */
  readonly lacks: readonly string[];
}

/** One that the source does not have is no reason to leave out the others. */
async function pullAll(world: World, config: Config, tenant: TenantConfig, names: readonly string[]): Promise<Pulled> {
  const tables: Record<string, AddedTable> = {};
  const lacks: string[] = [];
  const source = await openTenantSource(world, config, tenant.name);
  try {
    const told = names.length > 1 ? await toldTables(world, source) : null;
    for (const name of names) {
      try {
        const known = told?.get(name);
        tables[name] = known
          ? await stampedTable(source, name, known, world.signal)
          : await pullTable(source, name, world.signal);
        world.stderr.write(`${name}: ${countOf(tables[name].columns.length, 'column')}\n`);
      } catch (thrown) {
        const { code, message } = toHuntwireError(thrown);
        if (!OF_ONE.has(code)) throw thrown;
        lacks.push(`${name}: ${code}: ${message}`);
      }
    }
    return { tables, lacks };
  } finally {
    await source.close();
  }
}

/** All tables in one call; null where the source has no such call, or refuses it. */
async function toldTables(world: World, source: MeteredSource): Promise<ToldTables['tables'] | null> {
  if (!source.tables) return null;
  try {
    return (await source.tables(world.signal)).tables;
  } catch (thrown) {
    const { code, message } = toHuntwireError(thrown);
    if (!OF_CATALOG.has(code)) throw thrown;
    world.stderr.write(`The tables are asked for one by one: ${code}: ${message}\n`);
    return null;
  }
}

/** Failures that say nothing of queries. */
const OF_CATALOG: ReadonlySet<string> = new Set([
  'SOURCE_PERMISSION',
  'SOURCE_SERVER',
  'SOURCE_QUERY_INVALID',
  'SOURCE_RESPONSE_INVALID',
]);

/** Failures that say nothing of other tables. */
const OF_ONE: ReadonlySet<string> = new Set([
  'SOURCE_TABLE_MISSING',
  'SOURCE_QUERY_INVALID',
  'SOURCE_RESPONSE_INVALID',
]);
