import { HuntwireError } from '../lib/errors.ts';
import type { Verb } from './cli.ts';
import { type LocalDataOptions, withData } from './data-options.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { printResult } from './query/print-result.ts';
import type { QueryResult } from './query/query-result.ts';
import { readKql } from './query/read-kql.ts';
import type { World } from './terminal/world.ts';

interface QueryOptions extends CommonOptions, LocalDataOptions {
  readonly file?: string;
  readonly tenant?: string;
  readonly trace: boolean;
}

export const query: Verb = (program, world, done) => {
  const command = withFormat(withConfig(program.command('query')), ['table', 'json', 'jsonl', 'csv'], 'table')
    .argument('[kql]', 'the query; - reads it from standard input')
    .option('--file <path>', 'read the query from a file')
    .option('--tenant <name>', 'which tenant to ask, where several are configured');
  withData(command, 'run the query here, over a folder or file of events; no configuration is read')
    .option('--trace', 'with --data: show on stderr how many rows each operator let through', false)
    .action(async (given: string | undefined, options: QueryOptions) => {
      const isLocal = options.data.length > 0;
      if (!isLocal && (options.trace || options.strict || options.dates))
        throw new HuntwireError('USAGE', '--trace, --strict and --dates go with --data.');
      const kql = await readKql(world, given, options.file);
      printResult(world, options.format, await (isLocal ? askHere : askThere)(world, kql, options));
      done(EXIT.ok);
    });
};

async function askThere(world: World, kql: string, options: QueryOptions): Promise<QueryResult> {
  return (await import('./query/ask-tenant.ts')).askTenant(world, kql, options);
}

async function askHere(world: World, kql: string, options: QueryOptions): Promise<QueryResult> {
  return (await import('./query/ask-locally.ts')).askLocally(world, kql, options);
}
