import { resolve } from 'node:path';
import { HuntwireError } from '../lib/errors.ts';
import type { Verb } from './cli.ts';
import { type LocalDataOptions, withData } from './data-options.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, collect, withConfig, withFormat } from './options.ts';
import { printResult, QUERY_FORMATS } from './query/print-result.ts';
import type { QueryAnswer } from './query/query-result.ts';
import { readKql } from './query/read-kql.ts';
import { writeResult } from './query/write-result.ts';
import type { World } from './terminal/world.ts';

interface QueryOptions extends CommonOptions, LocalDataOptions {
  readonly file?: string;
  readonly output?: string;
  readonly tenant?: string;
  readonly trace: boolean;
  readonly schema: readonly string[];
}

interface QueryOrder extends QueryOptions {
  /** The configuration whose functions and lists a local query may use; null: none was named. */
  readonly libraryOf: string | null;
}

export const query: Verb = (program, world, done) => {
  const command = withFormat(withConfig(program.command('query')), QUERY_FORMATS, 'table')

    .argument('[kql]', 'the query; - reads it from standard input')
    .option('--file <path>', 'read the query from a file')
    .option('--output <path>', 'write into a file')
    .option('--tenant <name>', 'which tenant to ask, where several are configured');
  withData(
    command,
    'run the query here, over a folder or file of events; a configuration is read where --config names it',
  )
    .option(
      '--schema <file>',
      "with --data: tables beside the Defender's; sentinel: those of Sentinel; repeatable",
      collect,
      [],
    )
    .option('--trace', 'with --data: show on stderr how many rows each operator let through', false)
    .action(async (given: string | undefined, options: QueryOptions) => {
      const isNamed = command.getOptionValueSource('config') === 'cli';
      await answer(world, given, { ...options, libraryOf: isNamed ? options.config : null });
      done(EXIT.ok);
    });
};

async function answer(world: World, given: string | undefined, options: QueryOrder): Promise<void> {
  const { data, trace, strict, dates, schema, format, output, file } = options;
  const isLocal = data.length > 0;
  if (!isLocal && (trace || strict || dates || schema.length > 0))
    throw new HuntwireError('USAGE', '--trace, --schema, --strict and --dates go with --data.');
  if (format === 'parquet' && output === undefined)
    throw new HuntwireError('USAGE', '--format parquet goes into a file: --output FILE.');
  const kql = await readKql(world, given, file);
  const made = await (isLocal ? askHere : askThere)(world, kql, options);
  if (output === undefined) printResult(world, format, made);
  else await writeResult(world, format, output, made);
}

async function askThere(world: World, kql: string, options: QueryOptions): Promise<QueryAnswer> {
  return (await import('./query/ask-tenant.ts')).askTenant(world, kql, options);
}

async function askHere(world: World, kql: string, options: QueryOrder): Promise<QueryAnswer> {
  const { libraryOf, schema } = options;
  const library = libraryOf === null ? {} : await (await import('./rule-paths.ts')).rulePlaces(world, [], libraryOf);
  // In place of those that a configuration names.
  if (schema.length > 0)
    (await import('./schema-files.ts')).takeSchemas(
      schema.map((one) => resolve(world.cwd, one)),
      true,
    );
  return (await import('./query/ask-locally.ts')).askLocally(world, kql, { ...options, library });
}
