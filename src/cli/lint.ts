import type { Command } from 'commander';
import { Option } from 'commander';
import type { Problem } from '../lib/errors.ts';
import { countOf } from '../lib/text.ts';
import { LINT_SEVERITIES, type LintFinding } from '../rules/lint/check.ts';
import { lintRules } from '../rules/lint/lint-rules.ts';
import { DEFAULT_RETENTION_MS } from '../rules/shape.ts';
import type { Verb } from './cli.ts';
import { EXIT } from './exit-codes.ts';
import { countsOf, type GateOptions, gateOf, reasonToFail, type SeverityCounts } from './lint/lint-gate.ts';
import { lintScope } from './lint/lint-scope.ts';
import { type CommonOptions, withConfig, withFormat } from './options.ts';
import { readRuleSet } from './rule-set.ts';
import { printJson, printLine } from './terminal/print.ts';
import { printByFile } from './terminal/print-findings.ts';
import type { World } from './terminal/world.ts';

interface LintOptions extends CommonOptions, GateOptions {}

export const lint: Verb = (program, world, done) => {
  const command: Command = program.command('lint');
  withFormat(withConfig(command))
    .argument('[paths...]', 'rule files and folders; the configured ones where left out')
    .addOption(
      new Option('--fail-on <severity>', 'the least that makes the exit code 1')
        .choices(LINT_SEVERITIES)
        .default('error'),
    )
    .option('--strict', 'the same as --fail-on warning', false)
    .option('--max-warnings <number>', 'exit 1 with more warnings than that')
    .action(async (paths: readonly string[], options: LintOptions) => done(await lintPaths(world, paths, options)));
};

async function lintPaths(world: World, given: readonly string[], options: LintOptions): Promise<number> {
  const gate = gateOf(options);
  const { paths, severities } = await lintScope(world, given, options.config);
  const { prepared, problems, files, rules } = await readRuleSet(world, paths);
  const settings = { now: world.clock.now(), retentionMs: DEFAULT_RETENTION_MS, severities };
  const found = lintRules(prepared.subjects, settings);
  const findings = [...problems.map(findingOf), ...withoutTwins(prepared.problems.map(findingOf), found), ...found];
  const counts = countsOf(findings);
  const reason = reasonToFail(counts, gate);
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
    endLine: null,
    endColumn: null,
    message,
    suggestion: null,
    fix: null,
    refuses: true,
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
