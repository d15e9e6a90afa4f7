import type { RuleTestResult } from '../trial/test-rule.ts';
import { XML_HEAD, xmlElement } from './terminal/xml.ts';

/** A suite a rule, a case a test; `linesOf` gives what a failed one says, as the text form does. */
export function testsJunitOf(
  results: readonly RuleTestResult[],
  linesOf: (result: RuleTestResult) => readonly string[],
): string {
  const byRule = new Map<string, RuleTestResult[]>();
  for (const result of results) byRule.set(result.rule, [...(byRule.get(result.rule) ?? []), result]);
  const suites = [...byRule].map(([name, found]) => {
    const cases = found.map((result) => caseOf(result, linesOf));
    return xmlElement('testsuite', { name, tests: found.length, failures: failuresIn(found) }, cases);
  });
  const totals = { name: 'huntwire test', tests: results.length, failures: failuresIn(results) };
  return `${XML_HEAD}\n${xmlElement('testsuites', totals, suites)}`;
}

function caseOf(result: RuleTestResult, linesOf: (result: RuleTestResult) => readonly string[]): string {
  const attributes = { classname: result.rule, name: result.name };
  if (result.ok) return xmlElement('testcase', attributes);
  const [message = 'failed', ...more] = linesOf(result);
  const failure = xmlElement('failure', { type: 'difference', message }, [message, ...more].join('\n'));
  return xmlElement('testcase', attributes, [failure]);
}

function failuresIn(results: readonly RuleTestResult[]): number {
  return results.filter(({ ok }) => !ok).length;
}
