import type { PreparedQuery, QueryFinding } from '../kql/prepared.ts';
import type { ErrorCode, Problem } from '../lib/errors.ts';
import type { LintFinding } from './lint/check.ts';
import { lintRule } from './lint/lint-rules.ts';
import { LINT_CHECKS } from './lint/registry.ts';
import type { Rule, RunnableRule } from './rule.ts';
import { DEFAULT_RETENTION_MS, effectiveShape, lookbackOf } from './shape.ts';

/** The refusing checks ask neither for the time nor for the retention; both differ by tenant and day. */
const SETTINGS = { now: 0, retentionMs: DEFAULT_RETENTION_MS };

/**
 * Joins a rule and its prepared query to what runs: shape and lookback with their defaults. A query that the analysis refuses, or a
 * rule that cannot keep its promise with it, gives null and all problems, with their places in the rule's file.
 */
export function makeRunnable(
  rule: Rule,
  prepared: PreparedQuery,
): { readonly rule: RunnableRule | null; readonly problems: readonly Problem[] } {
  const shape = effectiveShape(rule, prepared);
  const refusing = LINT_CHECKS.filter((check) => check.refuses.includes(shape));
  const problems = [
    ...prepared.findings.filter((finding) => finding.severity === 'error').map((finding) => ofQuery(rule, finding)),
    ...lintRule({ rule, prepared }, refusing, SETTINGS)
      .filter(({ severity }) => severity === 'error')
      .map(ofLint),
  ];
  const lookbackMs = lookbackOf(rule, prepared);
  if (problems.length > 0 || lookbackMs === null) return { rule: null, problems };
  return { rule: Object.freeze({ ...rule, prepared, effectiveShape: shape, lookbackMs }), problems };
}

function ofQuery(rule: Rule, finding: QueryFinding): Problem {
  const code: ErrorCode = finding.code === 'window-refused' ? 'KQL_WINDOW_REFUSED' : 'KQL_SYNTAX';
  const message = finding.hint ? `${finding.message} ${finding.hint}` : finding.message;
  return { file: rule.map.file, ...rule.map.place(finding.start), code, message };
}

function ofLint(finding: LintFinding): Problem {
  const { file, line, column, message, suggestion } = finding;
  return { file, line, column, code: 'RULE_INVALID', message: suggestion ? `${message} ${suggestion}` : message };
}
