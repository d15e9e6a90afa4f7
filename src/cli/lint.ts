import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { HuntwireError } from '../lib/errors.ts';
import { LINT_PURPOSES, LINT_SEVERITIES, type LintPurpose } from '../rules/lint/check.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type LintKeeping, lintKeeping } from './lint/keeping.ts';
import { type GateOptions, gateOf } from './lint/lint-gate.ts';
import { type LintOrder, lintOnce } from './lint/lint-once.ts';
import type { LintReport } from './lint/lint-report.ts';
import { lintScope } from './lint/lint-scope.ts';
import { LINT_FORMATS, printReport } from './lint/print-report.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { printLine } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

interface LintOptions extends CommonOptions, GateOptions {
  readonly changed?: string;
  readonly fix: boolean;
  readonly report: boolean;
  readonly watch: boolean;
  readonly cache?: string;
  readonly for?: LintPurpose;
}

/** A worker needs two seconds before it can read its first query. */
const WORKERS_FROM = 100;

export const lint: Verb = (program, world, done) => {
  const command: Command = program.command('lint');
  withFormat(withConfig(command), LINT_FORMATS)
    .argument('[paths...]', 'rule files and folders; the configured ones where left out')
    .addOption(
      new Option('--fail-on <severity>', 'the least that makes the exit code 1')
        .choices(LINT_SEVERITIES)
        .default('error'),
    )
    .option('--strict', 'the same as --fail-on warning', false)
    .option('--max-warnings <number>', 'exit 1 with more warnings than that')
    .option('--changed <ref>', 'only files that have changed since the branch, tag or commit')
    .option('--fix', 'mend what can be mended without changing what a rule means, and print the diff first', false)
    .option('--report', 'tell instead what became of every rule of every file, and of its keys', false)
    .option('--cache <folder>', 'keep there what was found, so that the next lint is quick')
    .addOption(new Option('--for <purpose>', 'also what Defender itself would not accept').choices(LINT_PURPOSES))
    .option('--watch', 'again after every change, until Ctrl-C', false)
    .action(async (paths: readonly string[], options: LintOptions) => done(await lintPaths(world, paths, options)));
};

async function lintPaths(world: World, given: readonly string[], options: LintOptions): Promise<number> {
  refuseMixtures(options);
  if (options.report) return reportPaths(world, given, options);
  const order = await orderOf(world, given, options);
  let code: number = EXIT.ok;
  const pass = async (): Promise<void> => {
    code = await lintAndPrint(world, order, options);
  };
  if (!options.watch) {
    await pass();
    return code;
  }
  const { watchPaths } = await import('./lint/watch.ts');
  const { paths, overlays, functions = [], watchlists = {} } = order.scope.places;
  await watchPaths(world, [...paths, ...overlays, ...functions, ...Object.values(watchlists)], pass);
  return code;
}

async function reportPaths(world: World, given: readonly string[], options: LintOptions): Promise<number> {
  const { printVerdicts } = await import('./lint/print-verdicts.ts');
  const { places } = await lintScope(world, given, options.config);
  return printVerdicts(world, places, options.format);
}

function refuseMixtures({ fix, watch, format, report, changed }: LintOptions): void {
  if (report && (fix || watch || changed !== undefined || !['text', 'json'].includes(format)))
    throw new HuntwireError('USAGE', '--report goes alone, with --format text or json.');
  if (fix && watch) throw new HuntwireError('USAGE', 'Give --fix or --watch, not both: an editor may hold the file.');
  if ((fix || watch) && format !== 'text')
    throw new HuntwireError('USAGE', `${fix ? '--fix' : '--watch'} prints text only; leave --format out.`);
}

interface KeptOrder extends LintOrder {
  readonly keeping: LintKeeping | null;
}

async function orderOf(world: World, given: readonly string[], options: LintOptions): Promise<KeptOrder> {
  const gate = gateOf(options);
  const scope = await lintScope(world, given, options.config);
  const folder = options.cache === undefined ? null : resolve(world.cwd, options.cache);
  const keeping = lintKeeping(folder, scope.state);
  const order = { scope, gate, keeping, workersFrom: WORKERS_FROM, purpose: options.for };
  if (options.changed === undefined) return { ...order, wanted: null };
  const { changedSince } = await import('./lint/changed-files.ts');
  return { ...order, wanted: await changedSince(world, options.changed) };
}

async function lintAndPrint(world: World, order: KeptOrder, options: LintOptions): Promise<number> {
  const first = await lintOnce(world, order);
  const report = options.fix ? await afterFixes(world, order, first) : first;
  order.keeping?.save();
  await printReport(world, report, { format: options.format, failOn: order.gate.failOn });
  return report.reason === null ? EXIT.ok : EXIT.findings;
}

/** What is left once the fixes are made. */
async function afterFixes(world: World, order: LintOrder, report: LintReport): Promise<LintReport> {
  const { fixFiles } = await import('./lint/fixes.ts');
  const { files, edits } = fixFiles(world, report.findings);
  if (files === 0) return report;
  printLine(world, `${edits} fixed in ${files === 1 ? '1 file' : `${files} files`}.`);
  return lintOnce(world, order);
}
