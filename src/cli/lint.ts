import type { Command } from 'commander';
import type { Problem } from '../lib/errors.ts';
import type { LintFinding } from '../rules/lint/check.ts';
import { lintRules } from '../rules/lint/lint-rules.ts';
import { DEFAULT_RETENTION_MS } from '../rules/shape.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { rulePaths } from './read-config.ts';
import { readRuleSet } from './rule-set.ts';
import { dim, oneLine, printJson, printLine, tint } from './terminal/print.ts';
import type { World } from './terminal/world.ts';

export const lint: Verb = (program, world, done) => {
  const command: Command = program
    .command('lint')
    .description('Check rules: syntax, windows, thresholds and habits that lose or double hits.');
  withFormat(withConfig(command))
    .argument('[paths...]', 'rule files and folders; the configured ones where left out')
    .action(async (paths: readonly string[], options: CommonOptions) => done(await lintPaths(world, paths, options)));
};

async function lintPaths(world: World, given: readonly string[], options: CommonOptions): Promise<number> {
  const { prepared, problems, files, rules } = await readRuleSet(world, rulePaths(world, given, options.config));
  const found = lintRules(prepared.subjects, { now: world.clock.now(), retentionMs: DEFAULT_RETENTION_MS });
  const findings = [...problems.map(findingOf), ...withoutTwins(prepared.problems.map(findingOf), found), ...found];
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const warnings = findings.filter((finding) => finding.severity === 'warning').length;
  if (options.format === 'json')
    printJson(world, { files: files.length, rules: rules.length, findings, errors, warnings });
  else
    printFindings(
      world,
      findings,
      `${files.length} files, ${rules.length} rules, ${errors} errors, ${warnings} warnings`,
    );
  return errors > 0 ? EXIT.findings : EXIT.ok;
}

/** What refuses a rule is often a lint finding too: it is told once. */
function withoutTwins(refusals: readonly LintFinding[], found: readonly LintFinding[]): readonly LintFinding[] {
  const places = new Set(found.map((finding) => `${finding.file}:${finding.line}:${finding.column}`));
  return refusals.filter((finding) => !places.has(`${finding.file}:${finding.line}:${finding.column}`));
}

function findingOf(problem: Problem): LintFinding {
  const { file, line, column, code, message } = problem;
  return {
    check: code,
    severity: 'error',
    file: file ?? '',
    line: line ?? 1,
    column: column ?? 1,
    message,
    suggestion: null,
  };
}

function printFindings(world: World, findings: readonly LintFinding[], summary: string): void {
  for (const { file, line, column, severity, check, message, suggestion } of findings) {
    const mark = tint(world, severity === 'error' ? 'red' : 'yellow', severity);
    printLine(world, `${file}:${line}:${column} ${mark} ${oneLine(message)} ${dim(world, `[${check}]`)}`);
    if (suggestion) printLine(world, `    ${oneLine(suggestion)}`);
  }
  printLine(world, summary);
}
