import type { LintCheck, LintContext, LintFinding, LintSubject, Remark } from './check.ts';
import { LINT_CHECKS } from './registry.ts';

export interface LintSettings {
  /** Epoch ms. */
  readonly now: number;
  readonly retentionMs: number;
}

/** Everything that the checks say about the rules, by file and place. */
export function lintRules(subjects: readonly LintSubject[], settings: LintSettings): readonly LintFinding[] {
  const single = subjects.flatMap((subject) => lintRule(subject, LINT_CHECKS, settings));
  const joint = LINT_CHECKS.flatMap((check) =>
    (check.finish?.(subjects) ?? []).map((remark) => toFinding(check, remark.file, remark)),
  );
  return [...single, ...joint].sort(byPlace);
}

/** What the given checks say about one rule. */
export function lintRule(
  subject: LintSubject,
  checks: readonly LintCheck[],
  settings: LintSettings,
): readonly LintFinding[] {
  const context: LintContext = { prepared: subject.prepared, ...settings };
  const { file } = subject.rule.map;
  const refused = subject.prepared.findings.some((finding) => finding.severity === 'error');
  const asked = refused ? checks.filter((check) => !check.analyzed) : checks;
  return asked.flatMap((check) => check.check(subject.rule, context).map((remark) => toFinding(check, file, remark)));
}

function toFinding(check: LintCheck, file: string, remark: Remark): LintFinding {
  const { place, message, suggestion, severity = check.severity } = remark;
  return Object.freeze({
    check: check.id,
    severity,
    file,
    line: place.line,
    column: place.column,
    message,
    suggestion,
  });
}

function byPlace(a: LintFinding, b: LintFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || (a.check < b.check ? -1 : 1);
}
