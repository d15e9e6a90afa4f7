import type { Problem } from '../../lib/errors.ts';
import type { LintFinding } from '../lint/check.ts';
import type { LoadedRules } from '../load-rules.ts';
import type { Verdict } from '../readers/verdict.ts';
import type { Rule } from '../rule.ts';
import type { RuleFindings } from './lint-set.ts';

/** All that is told of rules: what refuses their files and what was odd about them, what keeps rules from running, and what checks found. */
export function toldFindings(
  { problems, refusals, verdicts }: Pick<LoadedRules, 'problems' | 'refusals' | 'verdicts'>,
  own: readonly RuleFindings[],
  found: readonly LintFinding[],
): readonly LintFinding[] {
  const left = [...problems, ...refusals].map(findingOfProblem).sort(byFile);
  const told = [...left, ...verdicts.flatMap(findingsOfVerdict)];
  return [...told, ...withoutTwins(refusalsOf(own).map(findingOfProblem), found), ...found];
}

/** Its own, those of the saved functions and lists that it uses, and those of what is laid over it. */
export function filesOfRule({ map }: Rule): readonly string[] {
  const used = [...(map.functions ?? []), ...(map.watchlists ?? [])].map(({ file }) => file);
  return [map.file, ...used, ...(map.overlaid ?? []).map(({ document }) => document.file)];
}

export function findingOfProblem(problem: Problem): LintFinding {
  const { file, line, column, code, message } = problem;
  const place = { file: file ?? '', line: line ?? 1, column: column ?? 1, endLine: null, endColumn: null };
  return { check: code, severity: 'error', ...place, message, suggestion: null, fix: null, refuses: true };
}

/** What reading a file of another product found odd. */
function findingsOfVerdict({ file, warnings }: Verdict): readonly LintFinding[] {
  return warnings.map(({ line, column, message }) => ({
    check: 'vendor-file',
    severity: 'warning',
    ...{ file, line, column, endLine: null, endColumn: null },
    ...{ message, suggestion: null, fix: null, refuses: false },
  }));
}

/** What keeps rules from running, ours before those of other products. */
function refusalsOf(own: readonly RuleFindings[]): readonly Problem[] {
  const ofRules = (isOurs: boolean): readonly Problem[] =>
    own.filter(({ rule }) => (rule.origin === undefined) === isOurs).flatMap(({ problems }) => problems);
  return [...ofRules(true), ...ofRules(false)];
}

function byFile(a: LintFinding, b: LintFinding): number {
  return a.file < b.file ? -1 : Number(a.file > b.file);
}

/** What refuses a rule is often a lint finding too: it is told once. */
function withoutTwins(refusals: readonly LintFinding[], found: readonly LintFinding[]): readonly LintFinding[] {
  const places = new Set(found.map((finding) => `${finding.file}:${finding.line}:${finding.column}`));
  return refusals.filter((finding) => !places.has(`${finding.file}:${finding.line}:${finding.column}`));
}
