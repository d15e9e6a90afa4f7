import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { startEarly } from '../kql/hands/early.ts';
import { LINT_PURPOSES, LINT_SEVERITIES } from '../rules/lint/check.ts';
import type { Verb } from './cli.ts';
import { LINT_FORMATS } from './lint/lint-formats.ts';
import type { LintOptions } from './lint/lint-options.ts';
import { withConfig, withFormat } from './options.ts';
import type { World } from './terminal/world.ts';

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
    .action(async (paths: readonly string[], options: LintOptions) => {
      // What analyzes starts while the rest is loaded.
      const early = startEarly(!mayBeWarm(world, options));
      try {
        const { lintPaths } = await import('./lint/lint-paths.ts');
        done(await lintPaths(world, paths, options, early.take));
      } finally {
        await early.end();
      }
    });
};

/** Whether an earlier lint may have kept what this one looks for, so that nothing is left to analyze. */
function mayBeWarm({ cwd }: World, { cache, config, report }: LintOptions): boolean {
  return report || (cache === undefined ? existsSync(resolve(cwd, config)) : existsSync(resolve(cwd, cache)));
}
