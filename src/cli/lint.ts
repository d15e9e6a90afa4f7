import type { Command } from 'commander';
import { Option } from 'commander';
import { HuntwireError, type Problem } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import type { LintFinding, LintSeverity } from '../rules/lint/check.ts';
import { lintRules } from '../rules/lint/lint-rules.ts';
import { DEFAULT_RETENTION_MS } from '../rules/shape.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { rulePaths } from './rule-paths.ts';
import { readRuleSet } from './rule-set.ts';
import { printJson, printLine } from './terminal/print.ts';
import { printByFile } from './terminal/print-findings.ts';
import type { World } from './terminal/world.ts';

interface LintOptions extends CommonOptions {
  readonly failOn: LintSeverity;
  readonly strict: boolean;
  readonly maxWarnings?: string;
}

const SEVERITIES: readonly LintSeverity[] = ['error', 'warning', 'info'];

export const lint: Verb = (program, world, done) => {
  const command: Command = program.command('lint');
  withFormat(withConfig(command))
    .argument('[paths...]', 'rule files and folders; the configured ones where left out')
    .addOption(
      new Option('--fail-on <severity>', 'the least that makes the exit code 1').choices(SEVERITIES).default('error'),
    )
    .option('--strict', 'the same as --fail-on warning', false)
    .option('--max-warnings <number>', 'exit 1 with more warnings than that')
    .action(async (paths: readonly string[], options: LintOptions) => done(await lintPaths(world, paths, options)));
};

async function lintPaths(world: World, given: readonly string[], options: LintOptions): Promise<number> {
  const limits = limitsOf(options);
  const { prepared, problems, files, rules } = await readRuleSet(world, await rulePaths(world, given, options.config));
  const found = lintRules(prepared.subjects, { now: world.clock.now(), retentionMs: DEFAULT_RETENTION_MS });
  const findings = [...problems.map(findingOf), ...withoutTwins(prepared.problems.map(findingOf), found), ...found];
  const counts = countsOf(findings);
  const reason = reasonToFail(counts, limits);
  if (options.format === 'json') {
    const { error, warning, info } = counts;
    const totals = { errors: error, warnings: warning, infos: info, passed: reason === null };
    printJson(world, { files: files.length, rules: rules.length, findings, ...totals });
  } else {
    printByFile(world, world.stdout, findings);
    printSummary(world, { files: files.length, rules: rules.length, counts, reason });
  }
  return reason === null ? EXIT.ok : EXIT.findings;
}

interface LintLimits {
  readonly failOn: LintSeverity;
  /** null: no limit. */
  readonly maxWarnings: number | null;
}

function limitsOf({ failOn, strict, maxWarnings }: LintOptions): LintLimits {
  if (maxWarnings !== undefined && !/^\d{1,9}$/.test(maxWarnings))
    throw new HuntwireError('USAGE', `--max-warnings: "${maxWarnings}" is no number of warnings; write 0 or more.`);
  return {
    failOn: strict && failOn === 'error' ? 'warning' : failOn,
    maxWarnings: maxWarnings === undefined ? null : Number(maxWarnings),
  };
}

type SeverityCounts = Readonly<Record<LintSeverity, number>>;

function countsOf(findings: readonly LintFinding[]): SeverityCounts {
  const count = (severity: LintSeverity): number => findings.filter((one) => one.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

/** Why the exit code is 1, in words that add to the counts; null: it is 0. */
function reasonToFail(counts: SeverityCounts, { failOn, maxWarnings }: LintLimits): string | null {
  if (counts.error > 0) return '';
  const failing = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1).find((severity) => counts[severity] > 0);
  if (failing) return `failed, as --fail-on ${failOn} asks`;
  if (maxWarnings === null || counts.warning <= maxWarnings) return null;
  return `failed, as --max-warnings allows ${maxWarnings}`;
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

interface Summary {
  readonly files: number;
  readonly rules: number;
  readonly counts: SeverityCounts;
  readonly reason: string | null;
}

/** How many were looked at comes first: that nothing was found in no rule is no good news. */
function printSummary(world: World, { files, rules, counts, reason }: Summary): void {
  const told = [
    countOf(counts.error, 'error'),
    countOf(counts.warning, 'warning'),
    ...(counts.info > 0 ? [`${counts.info} info`] : []),
  ];
  const looked = `${countOf(files, 'file')}, ${countOf(rules, 'rule')}: `;
  printLine(world, `${looked}${told.join(', ')}${reason ? `; ${reason}` : ''}.`);
}
