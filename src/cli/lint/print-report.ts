import { countOf } from '../../lib/text.ts';
import type { LintFinding, LintSeverity } from '../../rules/lint/check.ts';
import { printJson, printLine, shownJson, widthOf } from '../terminal/print.ts';
import { type Finding, printByFile } from '../terminal/print-findings.ts';
import { shortPaths } from '../terminal/short-paths.ts';
import type { World } from '../terminal/world.ts';
import { checkoutOf } from './checkout.ts';
import { codeFrame } from './code-frame.ts';
import { createFileLines, type FileLines } from './file-lines.ts';
import type { LintReport } from './lint-report.ts';

export interface ReportForm {
  readonly format: string;
  readonly failOn: LintSeverity;
}

/** What one go of lint found, in the form that was asked for. What makes the other forms is loaded where one is wanted. */
export async function printReport(world: World, given: LintReport, { format, failOn }: ReportForm): Promise<void> {
  if (format === 'json') return printJson(world, documentOf(given));
  const lines = createFileLines();
  const report = withShortPaths(given, world.cwd);
  if (format === 'sarif') {
    const { sarifOf } = await import('./sarif.ts');
    world.stdout.write(`${shownJson(sarifOf(report.findings, checkoutOf(world), lines), 2)}\n`);
  } else if (format === 'junit') {
    const { junitOf } = await import('./junit.ts');
    world.stdout.write(`${junitOf(report, world.cwd, failOn)}\n`);
  } else if (format === 'github') {
    const { annotationsOf } = await import('./annotations.ts');
    for (const line of annotationsOf(report.findings, checkoutOf(world))) world.stdout.write(`${line}\n`);
    printSummary(world, report);
  } else {
    const width = widthOf(world.stdout);
    printSummary(world, report);
    printByFile(
      world,
      world.stdout,
      report.findings.map((finding) => framed(finding, lines, width)),
    );
  }
}

/** What machines of different people print of one rule set is the same. */
function withShortPaths(report: LintReport, cwd: string): LintReport {
  const findings = report.findings.map((finding) => {
    const { message, suggestion } = finding;
    const short = suggestion === null ? null : shortPaths(cwd, suggestion);
    return { ...finding, message: shortPaths(cwd, message), suggestion: short };
  });
  return { ...report, findings };
}

function documentOf({ files, rules, findings, counts, reason }: LintReport): unknown {
  const { error, warning, info } = counts;
  return {
    files: files.length,
    rules,
    findings,
    errors: error,
    warnings: warning,
    infos: info,
    passed: reason === null,
  };
}

/** Left of a frame stands what is left of a finding's message. */
const INDENT = 24;

function framed(finding: LintFinding, lines: FileLines, width: number): Finding {
  const text = finding.file === '' ? undefined : lines(finding.file)?.[finding.line - 1];
  const isShown = text !== undefined && text.trim() !== '';
  return { ...finding, frame: isShown ? codeFrame(finding, text, width - INDENT) : [] };
}

/** Above the findings. How many were looked at comes first: that nothing was found in no rule is no good news. */
function printSummary(world: World, { files, rules, counts, reason }: LintReport): void {
  const told = [
    countOf(counts.error, 'error'),
    countOf(counts.warning, 'warning'),
    ...(counts.info > 0 ? [`${counts.info} info`] : []),
  ];
  const looked = `${countOf(files.length, 'file')}, ${countOf(rules, 'rule')}: `;
  printLine(world, `${looked}${told.join(', ')}${reason ? `; ${reason}` : ''}.`);
}
