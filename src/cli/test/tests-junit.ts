import type { RuleTestResult } from '../../trial/test-rule.ts';
import { relativePath } from '../lint/relative-path.ts';
import { XML_HEAD, xmlElement } from '../terminal/xml.ts';
import { linesOfResult } from './result-lines.ts';

/** A suite a rule, a case a test; a failed one says what the text form does. */
export function testsJunitOf(cwd: string, results: readonly RuleTestResult[]): string {
  const byRule = new Map<string, RuleTestResult[]>();
  for (const result of results) byRule.set(result.rule, [...(byRule.get(result.rule) ?? []), result]);
  const suites = [...byRule].map(([name, found]) => {
    const cases = found.map((result) => caseOf(cwd, result));
    return xmlElement('testsuite', { name, ...countsOf(found) }, cases);
  });
  return `${XML_HEAD}\n${xmlElement('testsuites', { name: 'huntwire test', ...countsOf(results) }, suites)}`;
}

function countsOf(results: readonly RuleTestResult[]): Readonly<Record<string, number>> {
  return { tests: results.length, failures: results.filter(({ ok }) => !ok).length };
}

function caseOf(cwd: string, result: RuleTestResult): string {
  const { rule: classname, name, line } = result;
  const attributes = { classname, name, file: relativePath(cwd, result.file), line };
  if (result.ok) return xmlElement('testcase', attributes);
  const [message = 'failed', ...more] = linesOfResult(cwd, result);
  const failure = xmlElement('failure', { type: 'difference', message }, [message, ...more].join('\n'));
  return xmlElement('testcase', attributes, [failure]);
}
