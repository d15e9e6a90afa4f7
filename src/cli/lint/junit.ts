import type { LintFinding, LintSeverity } from '../../rules/lint/check.ts';
import { LINT_SEVERITIES } from '../../rules/lint/check.ts';
import { XML_HEAD, xmlElement } from '../terminal/xml.ts';
import type { LintReport } from './lint-report.ts';
import { relativePath } from './relative-path.ts';

/**
 * A suite a file, a case a finding: failed where it is at least as severe as `failOn`, else passed with what it says as output. A file
 * without findings is one passed case, so that what was looked at can be counted.
 */
export function junitOf({ files, findings }: LintReport, cwd: string, failOn: LintSeverity): string {
  const failing = LINT_SEVERITIES.slice(0, LINT_SEVERITIES.indexOf(failOn) + 1);
  const all = [...new Set([...files, ...findings.map(({ file }) => file)])];
  const byFile = new Map<string, LintFinding[]>(all.map((file) => [file, []]));
  for (const finding of findings) byFile.get(finding.file)?.push(finding);
  const suites = [...byFile].map(([file, found]) => suiteOf(relativePath(cwd, file), found, failing));
  const failures = findings.filter(({ severity }) => failing.includes(severity)).length;
  const tests = [...byFile.values()].reduce((sum, found) => sum + Math.max(1, found.length), 0);
  return `${XML_HEAD}\n${xmlElement('testsuites', { name: 'huntwire lint', tests, failures }, suites)}`;
}

function suiteOf(name: string, found: readonly LintFinding[], failing: readonly LintSeverity[]): string {
  const cases =
    found.length === 0
      ? [xmlElement('testcase', { classname: name, name: 'lint' })]
      : found.map((finding) => caseOf(name, finding, failing));
  const failures = found.filter(({ severity }) => failing.includes(severity)).length;
  return xmlElement('testsuite', { name, tests: Math.max(1, found.length), failures }, cases);
}

function caseOf(file: string, finding: LintFinding, failing: readonly LintSeverity[]): string {
  const { check, severity, line, column, message, suggestion } = finding;
  const attributes = { classname: file, name: `${check} (${line}:${column})`, file, line };
  const text = `${file}:${line}:${column}: ${message}${suggestion === null ? '' : `\n${suggestion}`}`;
  const inner = failing.includes(severity)
    ? xmlElement('failure', { type: severity, message }, text)
    : xmlElement('system-out', {}, `${severity}: ${text}`);
  return xmlElement('testcase', attributes, [inner]);
}
